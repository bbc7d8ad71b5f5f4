-- name: shop_day
-- The calendar day of $now in the shop's zone.
SELECT CAST($now::TIMESTAMPTZ AS DATE)

-- name: movement_days
-- Per day since $since: orders, gross, customers whose first order day it is, orders of customers who began earlier.
SELECT
    day,
    sum(orders)::BIGINT AS orders,
    sum(gross)::DECIMAL(38, 4) AS revenue,
    count(*) FILTER (customer_id > 0 AND age = 0) AS new_customers,
    coalesce(sum(orders) FILTER (customer_id > 0 AND age > 0), 0)::BIGINT AS returning_orders
FROM sale_days WHERE day BETWEEN $since AND $as_of
GROUP BY day
ORDER BY day

-- name: began
-- The day of the shop's first order.
SELECT min(day) FROM sale_days

-- name: movement_rate
-- Customers by whether they began in the newest $days days whose window of $within days is closed or in those before,
-- and how many of them ordered again within it.
SELECT
    (first_day > $as_of::DATE - ($within::INTEGER + $days::INTEGER)) AS is_newest,
    count(*) AS eligible,
    count(*) FILTER (second_day - first_day <= $within) AS retained
FROM first_orders
WHERE first_day > $as_of::DATE - ($within::INTEGER + 2 * $days::INTEGER) AND first_day <= $as_of::DATE - $within::INTEGER
GROUP BY ALL
