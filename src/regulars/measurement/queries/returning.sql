-- name: first_days
-- How many customers have their first order on each day.
SELECT first_day, count(*) AS customers FROM first_orders WHERE first_day <= $as_of GROUP BY first_day

-- name: returned
-- For each window of days after the first order, the customers with an order in it. Each is counted at the first order
-- day inside, whose predecessor lies before the window; only first orders up to the window's $last_first count.
SELECT place, count(*) AS customers
FROM order_days, (
    SELECT
        unnest($from_day::INTEGER[]) AS from_day,
        unnest($to_day::INTEGER[]) AS to_day,
        unnest($last_first::DATE[]) AS last_first,
        unnest(range(len($from_day::INTEGER[]))) AS place
) AS asked
WHERE age BETWEEN from_day AND to_day AND prev_age < from_day AND first_day <= last_first AND day <= $as_of
GROUP BY place

-- name: sequence
-- Customers with at least n order days, up to $most.
SELECT n, count(*) AS customers FROM order_days WHERE day <= $as_of AND n <= $most GROUP BY n ORDER BY n

-- name: second_visits
-- Days from the first to the second order day, and for customers without one the days they have been watched.
SELECT
    (CASE WHEN second_day <= $as_of THEN second_day ELSE $as_of::DATE END - first_day)::INTEGER AS after,
    count(*) FILTER (second_day <= $as_of) AS came,
    count(*) FILTER (second_day IS NULL OR second_day > $as_of) AS unseen
FROM first_orders WHERE first_day <= $as_of
GROUP BY after

-- name: months
-- Per cohort (month of the first order) and month: buyers, those of them who bought the month before too, and gross;
-- the same people counted once per quarter in quarter_buyers and quarter_kept. A buyer counts at her first order day of
-- the month or quarter, whose predecessor lies in an earlier one.
SELECT
    cohort,
    month,
    count(*) FILTER (month > previous) AS buyers,
    count(*) FILTER (month = previous + 1) AS kept,
    count(*) FILTER (month // 3 > previous // 3) AS quarter_buyers,
    count(*) FILTER (month // 3 = previous // 3 + 1) AS quarter_kept,
    sum(gross)::DECIMAL(38, 4) AS gross
FROM (
    SELECT
        (year(first_day) * 12 + month(first_day))::INTEGER - 1 AS cohort,
        (year(day) * 12 + month(day))::INTEGER - 1 AS month,
        coalesce((year(first_day + prev_age) * 12 + month(first_day + prev_age))::INTEGER - 1, -9) AS previous,
        gross
    FROM order_days WHERE day <= $as_of
)
GROUP BY cohort, month
ORDER BY cohort, month

-- name: weeks
-- Per cohort (Monday of the first order's week, from $since on) and week after it: buyers and gross.
SELECT
    cohort,
    (monday - cohort) // 7 AS week,
    count(*) FILTER (previous IS NULL OR monday > previous) AS buyers,
    sum(gross)::DECIMAL(38, 4) AS gross
FROM (
    SELECT
        date_trunc('week', first_day)::DATE AS cohort,
        date_trunc('week', day)::DATE AS monday,
        date_trunc('week', first_day + prev_age)::DATE AS previous,
        gross
    FROM order_days WHERE first_day >= $since AND day <= $as_of
)
GROUP BY cohort, week
ORDER BY cohort, week
