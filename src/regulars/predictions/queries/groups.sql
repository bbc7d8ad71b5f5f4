-- name: rfm
-- Customers and gross per cell of the grid of recency and frequency. A mark is one more than five times the share of
-- customers strictly below the value, in whole fifths (see rules/rfm.py), so that equal values never part.
WITH total AS (
    SELECT count(*) AS n FROM lives
), recency AS (
    SELECT
        first_day + last_age AS last_day,
        (5 * (sum(count(*)) OVER (ORDER BY first_day + last_age) - count(*)) // (SELECT n FROM total) + 1)::INTEGER AS r
    FROM lives
    GROUP BY last_day
), frequency AS (
    SELECT
        order_days,
        (5 * (sum(count(*)) OVER (ORDER BY order_days) - count(*)) // (SELECT n FROM total) + 1)::INTEGER AS f
    FROM lives
    GROUP BY order_days
)
SELECT r, f, count(*) AS customers, sum(gross)::DECIMAL(38, 4) AS gross
FROM lives
JOIN recency ON recency.last_day = lives.first_day + lives.last_age
JOIN frequency ON frequency.order_days = lives.order_days
GROUP BY r, f

-- name: rhythms
-- Customers with three order days or more: their gaps, the sum of them in days, the silence since the last order day, and
-- gross in ten-thousandths.
SELECT
    customer_id,
    (order_days - 1)::DOUBLE AS n_gaps,
    last_age::DOUBLE AS sum_gaps,
    ($as_of::DATE - first_day - last_age)::DOUBLE AS silence,
    (gross * 10000)::BIGINT AS gross
FROM lives WHERE order_days >= 3
ORDER BY customer_id

-- name: shop_rhythm
-- Gaps, their sum in days and of their logarithms, and the silence since, of 5,000 customers chosen by a hash, those who
-- never came back too: what the shop's rhythm is fitted to.
SELECT
    (order_days - 1)::DOUBLE AS n_gaps,
    last_age::DOUBLE AS sum_gaps,
    log_gaps::DOUBLE AS log_gaps,
    ($as_of::DATE - first_day - last_age)::DOUBLE AS silence
FROM lives
ORDER BY hash(customer_id), customer_id LIMIT 5000

-- name: late_people
-- What there is to say about these customers.
SELECT customer_id, orders, first_day + last_age AS last_order_on FROM lives
WHERE customer_id IN (SELECT unnest($people::BIGINT[]))
