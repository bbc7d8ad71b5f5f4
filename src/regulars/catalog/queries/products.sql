-- name: new_products
-- The latest told value of each field per product after $seq; NULL says nothing.
SELECT
    shop,
    product,
    arg_max(name, seq) AS name,
    arg_max(category, seq) AS category,
    arg_max(price, seq) AS price,
    arg_max(unit_cost, seq) AS unit_cost,
    arg_max(currency, seq) AS currency,
    arg_max(replenish_days, seq) AS replenish_days
FROM facts.product_updated WHERE seq > $seq
GROUP BY shop, product ORDER BY shop, product
