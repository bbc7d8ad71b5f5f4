-- name: last_day
-- The day of the last fact about money: the report's as-of when nobody names one.
SELECT max(day) FROM (SELECT max(day) AS day FROM day_totals UNION ALL SELECT max(day) FROM refund_days)

-- name: sales
-- Everything sold up to $as_of, guests included.
SELECT
    min(day) AS first_order_on,
    max(day) AS last_order_on,
    coalesce(sum(orders), 0)::BIGINT AS orders,
    coalesce(sum(gross), 0)::DECIMAL(38, 4) AS revenue,
    coalesce(sum(identified_orders), 0)::BIGINT AS identified_orders
FROM day_totals WHERE day <= $as_of

-- name: refunds
-- What was given back up to $as_of, by the day of the refund.
SELECT coalesce(sum(refunded), 0)::DECIMAL(38, 4) AS refunds FROM refund_days WHERE day <= $as_of

-- name: free_orders
-- Orders of known customers on days on which they paid nothing.
SELECT coalesce(sum(orders), 0)::BIGINT AS free_orders FROM order_days WHERE gross = 0 AND day <= $as_of

-- name: newest_order
-- The last order day of all known customers.
SELECT max(last_day) FROM customer_sum

-- name: people
-- One row per customer as of $as_of: first order day, orders, order days, gross.
CREATE OR REPLACE TEMP TABLE people AS
SELECT
    customer_id,
    min(first_day) AS first_day,
    sum(orders)::INTEGER AS orders,
    max(n) AS order_days,
    sum(gross)::DECIMAL(18, 4) AS gross
FROM order_days WHERE day <= $as_of
GROUP BY customer_id

-- name: people_now
-- The same where no order lies behind the as-of day: the sums are stored.
CREATE OR REPLACE TEMP TABLE people AS
SELECT customer_id, first_day, orders, days AS order_days, gross FROM customer_sum

-- name: customers
-- Customers, those with two orders or more, and what all of them spent.
SELECT
    count(*) AS customers,
    count(*) FILTER (orders >= 2) AS repeat_customers,
    coalesce(sum(gross), 0)::DECIMAL(38, 4) AS gross
FROM people

-- name: spenders
-- What the customers spent, biggest spenders first: up to each twentieth of them, rounded down to whole customers.
SELECT step, sum(spent) OVER (ORDER BY step)::DECIMAL(38, 4) AS spent
FROM (
    SELECT (place * 20 + n - 1) // n AS step, sum(gross) AS spent
    FROM (SELECT gross, row_number() OVER (ORDER BY gross DESC) AS place, count(*) OVER () AS n FROM people)
    GROUP BY step
)
ORDER BY step
