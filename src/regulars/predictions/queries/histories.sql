-- name: begun
-- The first and the last order day of all; nothing is known before the first.
SELECT min(first_day), max(last_day) FROM customer_sum

-- name: lives
-- One row per customer as of $as_of: order days, days from the first to the last of them, gross, gross of the repeat days, and
-- the sum of the logarithms of the days between order days.
CREATE OR REPLACE TEMP TABLE lives AS
SELECT
    customer_id,
    min(first_day) AS first_day,
    sum(orders)::INTEGER AS orders,
    max(n) AS order_days,
    max(age) AS last_age,
    sum(gross)::DECIMAL(18, 4) AS gross,
    sum(gross) FILTER (n > 1)::DECIMAL(18, 4) AS repeat_gross,
    coalesce(sum(ln(age - prev_age)::DECIMAL(18, 9)) FILTER (n > 1), 0)::DECIMAL(18, 9) AS log_gaps
FROM order_days WHERE day <= $as_of
GROUP BY customer_id

-- name: whole_lives
-- The same when no order day lies behind $as_of: the sums are known already.
CREATE OR REPLACE TEMP TABLE lives AS
SELECT
    customer_id,
    first_day,
    orders,
    days AS order_days,
    (last_day - first_day)::INTEGER AS last_age,
    gross,
    CASE WHEN days > 1 THEN (gross - first_gross)::DECIMAL(18, 4) END AS repeat_gross,
    log_gaps
FROM customer_sum

-- name: lives_known
-- The customers of $until as they were known on that day: order days, days from the first to the last, and gross of the
-- repeat days.
CREATE OR REPLACE TEMP TABLE lives_known AS
SELECT
    customer_id,
    max(n) AS days_known,
    max(age) AS age_known,
    sum(gross) FILTER (n > 1)::DECIMAL(18, 4) AS repeat_gross_known
FROM order_days WHERE day <= $until
GROUP BY customer_id

-- name: evidence
-- How much there is to learn from: customers, those with two and with three order days, and days of history.
SELECT
    count(*),
    count(*) FILTER (order_days >= 2),
    count(*) FILTER (order_days >= 3),
    coalesce((max(first_day + last_age) - min(first_day))::INTEGER, 0)
FROM lives

-- name: histories
-- Distinct histories as of $as_of: repeat order days, days from the first to the last, days since the first.
SELECT order_days - 1 AS frequency, last_age AS recency, ($as_of::DATE - first_day)::INTEGER AS T, count(*) AS counts
FROM lives
GROUP BY ALL
ORDER BY frequency, recency, T

-- name: histories_known
-- The same as they were known on $until, each with the order days that came later.
SELECT
    days_known - 1 AS frequency,
    age_known AS recency,
    ($until::DATE - first_day)::INTEGER AS T,
    order_days - days_known AS later,
    count(*) AS counts
FROM lives JOIN lives_known USING (customer_id)
GROUP BY ALL
ORDER BY frequency, recency, T, later

-- name: spending
-- Repeat order days and their mean gross for customers who came back, and how many have the same; those who paid nothing
-- then have no mean.
SELECT order_days - 1 AS frequency, repeat_gross::DOUBLE / (order_days - 1) AS mean_value, count(*) AS counts
FROM lives WHERE order_days > 1 AND repeat_gross > 0
GROUP BY ALL
ORDER BY frequency, mean_value

-- name: spending_known
-- The same as it was known on $until.
SELECT days_known - 1 AS frequency, repeat_gross_known::DOUBLE / (days_known - 1) AS mean_value, count(*) AS counts
FROM lives_known WHERE days_known > 1 AND repeat_gross_known > 0
GROUP BY ALL
ORDER BY frequency, mean_value

-- name: worth
-- Every customer's history with the mean gross of the repeat days, 0 without any.
SELECT
    order_days - 1 AS frequency,
    last_age AS recency,
    ($as_of::DATE - first_day)::INTEGER AS T,
    coalesce(repeat_gross::DOUBLE / nullif(order_days - 1, 0), 0) AS mean_value
FROM lives
ORDER BY customer_id

-- name: weekly
-- Order days per week after $until, of the customers known by then.
SELECT ((day - $until::DATE)::INTEGER - 1) // 7 + 1 AS week, count(*) AS order_days
FROM order_days WHERE day > $until AND day <= $as_of AND first_day <= $until
GROUP BY week
ORDER BY week
