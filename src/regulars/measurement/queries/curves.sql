-- name: curve_watched
-- Customers by how many whole periods of $every days after the first order are over, up to $periods.
SELECT place, 1 AS low, least(($as_of - first_day) // $every, $periods)::INTEGER AS high, count(*) AS customers
FROM looked_at WHERE first_day <= $as_of
GROUP BY ALL

-- name: curve_within
-- Customers whose second order day lies in the period low; they have come by each from then on that is over.
SELECT
    place,
    (second_day - first_day - 1) // $every + 1 AS low,
    least(($as_of - first_day) // $every, $periods)::INTEGER AS high,
    count(*) AS customers
FROM looked_at WHERE second_day <= $as_of
GROUP BY ALL
HAVING low <= high

-- name: curve_bounded
-- Customers with an order in a period that is over, counted at their first order day inside.
SELECT place, period AS low, period AS high, count(*) AS customers
FROM (
    SELECT place, prev_age, first_day, (age - 1) // $every + 1 AS period
    FROM looked_days WHERE age BETWEEN 1 AND $every::INTEGER * $periods AND day <= $as_of
)
WHERE prev_age <= (period - 1) * $every AND first_day + (period * $every)::INTEGER <= $as_of
GROUP BY ALL

-- name: curve_unbounded
-- Customers with an order at the end of a period or later: an order day says so for the periods that ended since the
-- order day before it.
SELECT place, prev_age // $every + 1 AS low, least(age // $every, $periods)::INTEGER AS high, count(*) AS customers
FROM looked_days WHERE age >= $every AND prev_age < $every::INTEGER * $periods AND day <= $as_of
GROUP BY ALL
HAVING low <= high
