-- name: first_labels
-- What can tell first orders apart, one column per dimension; an empty text is unknown.
CREATE OR REPLACE TEMP VIEW first_labels AS
SELECT
    customer_id,
    first_day,
    second_day,
    coalesce(product, '') AS product,
    coalesce(category, '') AS category,
    coalesce(country, '') AS country,
    coalesce(channel, '') AS channel,
    CASE WHEN has_discount THEN 'yes' ELSE 'no' END AS discount,
    strftime(first_day, '%Y-%m') AS month
FROM first_orders

-- name: label_sizes
-- How many customers have each value of the column $label, the largest first.
SELECT $label, count(*) AS customers FROM first_labels WHERE first_day <= $as_of GROUP BY ALL ORDER BY customers DESC, 1

-- name: everybody
-- All customers are looked at, and all their order days, as one group.
CREATE OR REPLACE TEMP VIEW looked_at AS SELECT customer_id, first_day, second_day, 0 AS place FROM first_orders;
CREATE OR REPLACE TEMP VIEW looked_days AS SELECT *, 0 AS place FROM order_days

-- name: chosen
-- Customers by the place of their value of $label in $values, counted from 1; 0 for all other values.
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT customer_id, first_day, second_day, coalesce(list_position($values::VARCHAR[], $label), 0)::UTINYINT AS place
FROM first_labels WHERE first_day <= $as_of

-- name: only_chosen
-- Only the customers of the values asked for are looked at.
CREATE OR REPLACE TEMP VIEW looked_at AS SELECT * FROM chosen WHERE place > 0;
CREATE OR REPLACE TEMP VIEW looked_days AS
SELECT order_days.*, place FROM order_days JOIN looked_at ON looked_at.customer_id = order_days.customer_id

-- name: all_chosen
-- Everybody is looked at, group by group.
CREATE OR REPLACE TEMP VIEW looked_at AS SELECT * FROM chosen;
CREATE OR REPLACE TEMP VIEW looked_days AS
SELECT order_days.*, place FROM order_days JOIN chosen ON chosen.customer_id = order_days.customer_id

-- name: cohort_months
-- Per month of the first order, from $since on, and months since: buyers, customers with their second order day, gross.
SELECT
    cohort,
    month - cohort AS period,
    count(*) FILTER (month > previous) AS buyers,
    count(*) FILTER (n = 2) AS seconds,
    sum(gross)::DECIMAL(38, 4) AS gross
FROM (
    SELECT
        (year(first_day) * 12 + month(first_day))::INTEGER - 1 AS cohort,
        (year(day) * 12 + month(day))::INTEGER - 1 AS month,
        coalesce((year(first_day + prev_age) * 12 + month(first_day + prev_age))::INTEGER - 1, -9) AS previous,
        n,
        gross
    FROM looked_days WHERE first_day >= $since AND day <= $as_of
)
GROUP BY cohort, period
HAVING period < $periods
ORDER BY cohort, period

-- name: cohort_weeks
-- The same by weeks that begin on Monday; a cohort's number is its Monday's, in days since 1970.
SELECT
    cohort,
    (monday - cohort) // 7 AS period,
    count(*) FILTER (monday > previous) AS buyers,
    count(*) FILTER (n = 2) AS seconds,
    sum(gross)::DECIMAL(38, 4) AS gross
FROM (
    SELECT
        (date_trunc('week', first_day)::DATE - DATE '1970-01-01')::INTEGER AS cohort,
        (date_trunc('week', day)::DATE - DATE '1970-01-01')::INTEGER AS monday,
        coalesce((date_trunc('week', first_day + prev_age)::DATE - DATE '1970-01-01')::INTEGER, -999999) AS previous,
        n,
        gross
    FROM looked_days WHERE first_day >= $since AND day <= $as_of
)
GROUP BY cohort, period
HAVING period < $periods
ORDER BY cohort, period

-- name: window_counts
-- Customers with a first order up to $last_first, by whether they have the two values asked for, and how many of them
-- have an order $from_day to $to_day days after it, counted at the first order day inside.
SELECT
    $one_label IS NOT DISTINCT FROM $one AS in_one,
    $other_label IS NOT DISTINCT FROM $other AS in_other,
    count(*) AS eligible,
    count(came.customer_id) AS retained
FROM first_labels
LEFT JOIN (
    SELECT customer_id FROM order_days
    WHERE age BETWEEN $from_day AND $to_day AND prev_age < $from_day AND first_day <= $last_first AND day <= $as_of
) AS came ON came.customer_id = first_labels.customer_id
WHERE first_day <= $last_first
GROUP BY ALL

-- name: window_counts_from_day_1
-- The same for windows that begin the day after the first order: the second order day decides.
SELECT
    $one_label IS NOT DISTINCT FROM $one AS in_one,
    $other_label IS NOT DISTINCT FROM $other AS in_other,
    count(*) AS eligible,
    count(*) FILTER (second_day - first_day <= $to_day AND second_day <= $as_of) AS retained
FROM first_labels WHERE first_day <= $last_first
GROUP BY ALL
