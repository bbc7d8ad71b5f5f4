-- name: sale_days
-- Orders per person and calendar day of the shop's zone, with the person's first and previous order day; guests are
-- together under customer_id 0 and have no history.
SELECT
    customer_id,
    day,
    orders,
    gross,
    first_day,
    (day - first_day)::INTEGER AS age,
    (lag(day) OVER person - first_day)::INTEGER AS prev_age,
    (row_number() OVER person)::INTEGER AS n
FROM (
    SELECT customer_id, day, orders, gross, min(day) OVER (PARTITION BY customer_id) AS first_day
    FROM (
        SELECT customer_id, day, count(*)::INTEGER AS orders, sum(gross)::DECIMAL(18, 4) AS gross
        FROM derived.orders
        GROUP BY customer_id, day
    )
)
WINDOW person AS (PARTITION BY customer_id ORDER BY day)

-- name: owned_refunds
-- Orders of identified customers of which a refund names no customer: that money was given back to them and to no guest.
SELECT coalesce(merged.customer_id, placed.customer_id) AS customer_id, placed.shop, placed.order_id
FROM facts.order_placed AS placed
LEFT JOIN derived.merged AS merged ON merged.merged_id = placed.customer_id
SEMI JOIN (SELECT shop, order_id FROM facts.order_refunded WHERE customer_id = 0) AS back
    ON back.order_id = placed.order_id AND back.shop = placed.shop
WHERE placed.customer_id > 0

-- name: refund_days
-- Money given back per person and day of the refund. A told total that grows counts its growth on the day it was told.
SELECT customer_id, day, sum(refunded)::DECIMAL(18, 4) AS refunded
FROM (
    SELECT
        coalesce(merged.customer_id, owner.customer_id, back.customer_id) AS customer_id,
        CAST(back.occurred_at AS DATE) AS day,
        CAST(CASE WHEN NOT back.is_total THEN back.amount * back.rate
            ELSE greatest(0, back.amount * back.rate
                - greatest(coalesce(max(back.amount * back.rate) OVER earlier, 0), coalesce(single.refunded, 0)))
        END AS DECIMAL(18, 4)) AS refunded
    FROM facts.order_refunded AS back
    LEFT JOIN everybody.owned_refunds AS owner
        ON back.customer_id = 0 AND owner.order_id = back.order_id AND owner.shop = back.shop
    LEFT JOIN derived.merged AS merged ON merged.merged_id = back.customer_id
    LEFT JOIN (
        SELECT shop, order_id, sum(amount * rate)::DECIMAL(18, 4) AS refunded
        FROM facts.order_refunded WHERE NOT is_total AND order_id IS NOT NULL GROUP BY shop, order_id
    ) AS single ON back.is_total AND single.order_id = back.order_id AND single.shop = back.shop
    ANTI JOIN facts.order_cancelled AS gone ON gone.order_id = back.order_id AND gone.shop = back.shop
    WINDOW earlier AS (
        PARTITION BY back.shop, coalesce(back.order_id, back.event_id), back.is_total ORDER BY back.amount * back.rate
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)
GROUP BY customer_id, day

-- name: order_days
-- One row per identified customer and order day: the table that every retention figure is one scan of.
SELECT customer_id, day, orders, gross, first_day, age, prev_age, n FROM derived.sale_days WHERE customer_id > 0

-- name: day_totals
-- All sales by day, guests included.
SELECT
    day,
    sum(orders)::BIGINT AS orders,
    sum(gross)::DECIMAL(38, 4) AS gross,
    coalesce(sum(orders) FILTER (customer_id > 0), 0)::BIGINT AS identified_orders,
    coalesce(sum(gross) FILTER (customer_id > 0), 0)::DECIMAL(38, 4) AS identified_gross
FROM derived.sale_days
GROUP BY day

-- name: customer_sum
-- One row per identified customer with at least one order that stands; first_gross is that of the first order day, log_gaps
-- the sum of the logarithms of the days between order days, rounded each, so that their order changes nothing.
SELECT
    days.customer_id,
    first_day,
    last_day,
    orders,
    days,
    gross,
    first_gross,
    coalesce(log_gaps, 0)::DECIMAL(18, 9) AS log_gaps,
    coalesce(refunded, 0)::DECIMAL(18, 4) AS refunded,
    (gross - coalesce(refunded, 0))::DECIMAL(18, 4) AS net
FROM (
    SELECT
        customer_id,
        min(day) AS first_day,
        max(day) AS last_day,
        sum(orders)::INTEGER AS orders,
        count(*)::INTEGER AS days,
        sum(gross)::DECIMAL(18, 4) AS gross,
        sum(gross) FILTER (n = 1)::DECIMAL(18, 4) AS first_gross,
        sum(ln(age - prev_age)::DECIMAL(18, 9)) FILTER (n > 1) AS log_gaps
    FROM derived.order_days
    GROUP BY customer_id
) AS days
LEFT JOIN (
    SELECT customer_id, sum(refunded)::DECIMAL(18, 4) AS refunded FROM derived.refund_days GROUP BY customer_id
) AS back ON back.customer_id = days.customer_id

-- name: touched
-- The people whose derived rows are out of date: those with orders, refunds or corrections of orders after $seq, those of
-- whom something was learnt, and whoever is the same person as one of them.
WITH corrected AS (
    SELECT order_id, shop FROM facts.order_updated WHERE seq > $seq
    UNION SELECT order_id, shop FROM facts.order_cancelled WHERE seq > $seq
    UNION SELECT order_id, shop FROM facts.order_refunded WHERE seq > $seq AND order_id IS NOT NULL
), direct AS (
    SELECT customer_id FROM facts.order_placed WHERE seq > $seq
    UNION SELECT customer_id FROM facts.order_refunded WHERE seq > $seq
    UNION SELECT back.customer_id FROM facts.order_refunded AS back
        SEMI JOIN (SELECT shop, order_id FROM facts.order_placed WHERE seq > $seq) AS late
            ON late.order_id = back.order_id AND late.shop = back.shop
    UNION SELECT customer_id FROM facts.order_refunded SEMI JOIN corrected USING (order_id, shop)
    UNION SELECT customer_id FROM facts.order_placed SEMI JOIN corrected USING (order_id, shop)
    UNION SELECT customer_id FROM facts.customer_merged WHERE seq > $seq
    UNION SELECT merged_id FROM facts.customer_merged WHERE seq > $seq
    UNION SELECT customer_id FROM facts.customer_identified WHERE seq > $seq
    UNION SELECT customer_id FROM facts.customer_updated WHERE seq > $seq
    UNION SELECT customer_id FROM facts.customer_described WHERE seq > $seq
), standing AS (
    SELECT coalesce(merged.customer_id, direct.customer_id) AS customer_id
    FROM direct LEFT JOIN derived.merged AS merged ON merged.merged_id = direct.customer_id
)
SELECT customer_id FROM standing
UNION SELECT customer_id FROM direct
UNION SELECT merged_id FROM derived.merged SEMI JOIN standing USING (customer_id)
ORDER BY 1

-- name: merged_since
-- The customers merged into others after $seq, each with the one that stands for it now.
SELECT told.merged_id, merged.customer_id
FROM (SELECT DISTINCT merged_id FROM facts.customer_merged WHERE seq > $seq) AS told
JOIN derived.merged AS merged ON merged.merged_id = told.merged_id
ORDER BY 1
