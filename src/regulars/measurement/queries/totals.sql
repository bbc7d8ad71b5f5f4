-- name: days
-- Per day: orders and gross, guests included; orders of known customers, customers whose first order day it is, orders of
-- customers who began earlier; what was given back. The last column counts the rows that speak of the day.
SELECT
    day,
    sum(orders)::BIGINT AS orders,
    sum(gross)::DECIMAL(38, 4) AS gross,
    sum(identified)::BIGINT AS identified,
    sum(fresh)::BIGINT AS new,
    sum(later)::BIGINT AS later,
    sum(refunded)::DECIMAL(38, 4) AS refunded,
    sum(n)::BIGINT AS n
FROM (
    SELECT
        day,
        sum(orders) AS orders,
        sum(gross) AS gross,
        coalesce(sum(orders) FILTER (customer_id > 0), 0) AS identified,
        count(*) FILTER (customer_id > 0 AND age = 0) AS fresh,
        coalesce(sum(orders) FILTER (customer_id > 0 AND age > 0), 0) AS later,
        0 AS refunded,
        count(*) AS n
    FROM sale_days GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, 0, sum(refunded), count(*) FROM refund_days GROUP BY day
)
GROUP BY day

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
