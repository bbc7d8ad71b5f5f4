-- name: rfm
-- Customers and gross per cell of the R × F grid as of $as_of. A score is one more than five times the share of customers
-- strictly below the value, whole fifths (see rules/rfm.py), so that equal values never part.
WITH people AS (
    SELECT customer_id, max(day) AS last_day, count(*) AS days, sum(gross) AS gross
    FROM order_days WHERE day <= $as_of
    GROUP BY customer_id
), total AS (
    SELECT count(*) AS n FROM people
), recency AS (
    SELECT last_day, (5 * (sum(count(*)) OVER (ORDER BY last_day) - count(*)) // (SELECT n FROM total) + 1)::INTEGER AS r
    FROM people GROUP BY last_day
), frequency AS (
    SELECT days, (5 * (sum(count(*)) OVER (ORDER BY days) - count(*)) // (SELECT n FROM total) + 1)::INTEGER AS f
    FROM people GROUP BY days
)
SELECT r, f, count(*) AS customers, sum(gross)::DECIMAL(38, 4) AS gross
FROM people JOIN recency USING (last_day) JOIN frequency USING (days)
GROUP BY r, f

-- name: evidence
-- How much there is to learn from up to $until.
SELECT count(*), count(*) FILTER (days >= 2), count(*) FILTER (days >= 3), coalesce((max(last_day) - min(first_day))::INTEGER, 0)
FROM (
    SELECT customer_id, min(day) AS first_day, max(day) AS last_day, count(*) AS days
    FROM order_days WHERE day <= $until GROUP BY customer_id
)

-- name: span
-- First and last order day up to $as_of.
SELECT min(day), max(day) FROM order_days WHERE day <= $as_of

-- name: histories
-- Distinct histories up to $until (frequency, recency, T in days), the order days after it up to $as_of, and how many
-- customers share all four.
SELECT frequency, recency, T, later, count(*)::DOUBLE AS counts
FROM (
    SELECT
        count(*) FILTER (day <= $until) - 1 AS frequency,
        max(age) FILTER (day <= $until) AS recency,
        ($until::DATE - any_value(first_day))::INTEGER AS T,
        count(*) FILTER (day > $until) AS later
    FROM order_days WHERE day <= $as_of AND first_day <= $until
    GROUP BY customer_id
)
GROUP BY ALL

-- name: spending
-- Repeat order days and their mean gross for customers who came back up to $until; free days alone have no mean.
SELECT frequency, mean_value, count(*)::DOUBLE AS counts
FROM (
    SELECT count(*) AS frequency, (sum(gross) / count(*))::DOUBLE AS mean_value
    FROM order_days WHERE n > 1 AND day <= $until
    GROUP BY customer_id
)
WHERE mean_value > 0
GROUP BY ALL

-- name: spending_of_all
-- Every distinct history with the mean gross of its customers' repeat days, for expected revenue.
SELECT frequency, recency, T, mean_value, count(*)::DOUBLE AS counts
FROM (
    SELECT
        count(*) - 1 AS frequency, max(age) AS recency, ($until::DATE - any_value(first_day))::INTEGER AS T,
        coalesce((sum(gross) FILTER (n > 1) / nullif(count(*) - 1, 0))::DOUBLE, 0) AS mean_value
    FROM order_days WHERE day <= $until
    GROUP BY customer_id
)
GROUP BY ALL

-- name: weekly
-- Order days of known customers per week after $until.
SELECT ((day - $until::DATE)::INTEGER - 1) // 7 + 1 AS week, count(*) AS orders
FROM order_days WHERE day > $until AND day <= $as_of AND first_day <= $until
GROUP BY week ORDER BY week

-- name: rhythms
-- Customers with three order days or more: gaps, their sum, the sum of their logarithms, and the silence since.
SELECT customer_id, n_gaps, sum_gaps, log_gaps, silence, gross
FROM (
    SELECT
        customer_id,
        (count(*) - 1)::DOUBLE AS n_gaps,
        max(age)::DOUBLE AS sum_gaps,
        sum(ln(age - prev_age)) FILTER (n > 1) AS log_gaps,
        ($as_of::DATE - max(day))::DOUBLE AS silence,
        sum(gross)::DOUBLE AS gross
    FROM order_days WHERE day <= $as_of
    GROUP BY customer_id
    HAVING count(*) >= 3
)
ORDER BY customer_id

-- name: late_people
-- What to show of the late customers.
SELECT customer_id, sum(orders)::INTEGER AS orders, max(day) AS last_order_on, sum(gross)::DECIMAL(18, 4) AS gross
FROM order_days WHERE day <= $as_of AND customer_id IN (SELECT unnest($people))
GROUP BY customer_id
