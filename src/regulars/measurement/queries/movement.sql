-- name: shop_day
-- The calendar day of $now in the shop's zone.
SELECT CAST($now::TIMESTAMPTZ AS DATE)

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
