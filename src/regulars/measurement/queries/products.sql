-- name: first_products
-- Per product that first orders contained: customers, and of those who could be watched for 56, 90, 365 days after it
-- how many ordered anything again by then.
SELECT
    product,
    max(name) AS name,
    count(*) AS customers,
    count(*) FILTER (first_day <= $as_of - 56),
    count(*) FILTER (first_day <= $as_of - 56 AND next_day - first_day <= 56),
    count(*) FILTER (first_day <= $as_of - 90),
    count(*) FILTER (first_day <= $as_of - 90 AND next_day - first_day <= 90),
    count(*) FILTER (first_day <= $as_of - 365),
    count(*) FILTER (first_day <= $as_of - 365 AND next_day - first_day <= 365)
FROM customer_products WHERE in_first_order AND first_day <= $as_of
GROUP BY product

-- name: products_again
-- Per product: buyers, of those who could be watched for 365 days how many bought it again by then, what all paid.
SELECT
    product,
    count(*) AS buyers,
    count(*) FILTER (first_day <= $as_of - 365),
    count(*) FILTER (first_day <= $as_of - 365 AND second_day - first_day <= 365),
    sum(amount)::DECIMAL(38, 4) AS revenue
FROM customer_products WHERE first_day <= $as_of
GROUP BY product

-- name: shop_again
-- The same as first_products of all customers.
SELECT
    count(*) AS customers,
    count(*) FILTER (first_day <= $as_of - 56),
    count(*) FILTER (first_day <= $as_of - 56 AND second_day - first_day <= 56),
    count(*) FILTER (first_day <= $as_of - 90),
    count(*) FILTER (first_day <= $as_of - 90 AND second_day - first_day <= 90),
    count(*) FILTER (first_day <= $as_of - 365),
    count(*) FILTER (first_day <= $as_of - 365 AND second_day - first_day <= 365)
FROM first_orders WHERE first_day <= $as_of

-- name: product_gaps
-- For each of $products the days from the first to the second day on which a customer bought it, and for customers
-- without a second one the days they have been watched.
SELECT product, after, sum(came)::BIGINT AS came, (count(*) - sum(came))::BIGINT AS unseen
FROM (
    SELECT
        product,
        (CASE WHEN second_day <= $as_of THEN second_day ELSE $as_of END - first_day)::INTEGER AS after,
        (second_day IS NOT NULL AND second_day <= $as_of)::INTEGER AS came
    FROM customer_products WHERE first_day <= $as_of AND product IN (SELECT unnest($products::VARCHAR[]))
)
GROUP BY product, after
ORDER BY product, after
