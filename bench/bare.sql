-- The figures of the report as an analyst would ask them of one Parquet file of deduplicated orders, {orders}, with
-- columns customer_id, day, total, refunded. Statements are divided by a line of dashes; each answer is compared.
CREATE TEMP TABLE days AS
SELECT customer_id, day, count(*) AS orders, sum(total) AS gross FROM {orders} WHERE customer_id > 0 GROUP BY ALL
----
CREATE TEMP TABLE firsts AS
SELECT customer_id, min(day) AS first_day, max(day) AS last_day, sum(orders) AS orders, count(*) AS days, sum(gross) AS gross
FROM days GROUP BY customer_id
----
SELECT count(*), sum(total), sum(refunded), min(day), max(day) FROM {orders}
----
SELECT count(*), count(*) FILTER (orders >= 2) FROM firsts
----
SELECT
    count(*) FILTER (first_day <= DATE '{as_of}' - 56),
    count(*) FILTER (first_day <= DATE '{as_of}' - 56 AND bounded),
    count(*) FILTER (first_day <= DATE '{as_of}' - 56 AND inside),
    count(*) FILTER (first_day <= DATE '{as_of}' - 56 AND after)
FROM (
    SELECT customer_id, first_day,
        bool_or(day - first_day BETWEEN 50 AND 56) AS bounded,
        bool_or(day - first_day BETWEEN 1 AND 56) AS inside,
        bool_or(day - first_day >= 56) AS after
    FROM days JOIN firsts USING (customer_id) GROUP BY ALL
)
----
SELECT date_trunc('month', first_day) AS cohort, date_diff('month', date_trunc('month', first_day), date_trunc('month', day)) AS k,
    count(DISTINCT customer_id), sum(days.gross)
FROM days JOIN firsts USING (customer_id) GROUP BY ALL ORDER BY ALL
----
SELECT date_trunc('week', first_day) AS cohort, date_diff('week', date_trunc('week', first_day), date_trunc('week', day)) AS k,
    count(DISTINCT customer_id), sum(days.gross)
FROM days JOIN firsts USING (customer_id) WHERE first_day > DATE '{as_of}' - 182 GROUP BY ALL ORDER BY ALL
----
SELECT days, count(*) FROM firsts GROUP BY ALL ORDER BY 1
----
SELECT gap, count(*) FROM (
    SELECT customer_id, lead(day) OVER (PARTITION BY customer_id ORDER BY day) - day AS gap,
        row_number() OVER (PARTITION BY customer_id ORDER BY day) AS n
    FROM days
) WHERE n = 1 GROUP BY ALL ORDER BY 1
----
SELECT month, count(*) FILTER (before IS NULL), count(*) FILTER (date_diff('month', before, month) = 1),
    count(*) FILTER (date_diff('month', before, month) > 1)
FROM (
    SELECT month, lag(month) OVER (PARTITION BY customer_id ORDER BY month) AS before
    FROM (SELECT DISTINCT customer_id, date_trunc('month', day) AS month FROM days)
) GROUP BY ALL ORDER BY 1
----
SELECT quarter, count(*), count(*) FILTER (before IS NULL), count(*) FILTER (date_diff('quarter', before, quarter) = 1)
FROM (
    SELECT quarter, lag(quarter) OVER (PARTITION BY customer_id ORDER BY quarter) AS before
    FROM (SELECT DISTINCT customer_id, date_trunc('quarter', day) AS quarter FROM days)
) GROUP BY ALL ORDER BY 1
----
SELECT ceil(place * 20 / n) AS step, sum(gross)
FROM (SELECT gross, row_number() OVER (ORDER BY gross DESC) AS place, count(*) OVER () AS n FROM firsts) GROUP BY ALL ORDER BY 1
----
SELECT r, f, count(*), sum(gross) FROM (
    SELECT gross,
        floor(5 * (rank() OVER (ORDER BY last_day) - 1) / count(*) OVER ()) + 1 AS r,
        floor(5 * (rank() OVER (ORDER BY days) - 1) / count(*) OVER ()) + 1 AS f
    FROM firsts
) GROUP BY ALL ORDER BY ALL
----
SELECT frequency, recency, T, count(*) FROM (
    SELECT days - 1 AS frequency, last_day - first_day AS recency, DATE '{as_of}' - first_day AS T FROM firsts
) GROUP BY ALL
