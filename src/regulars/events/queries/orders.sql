-- name: merged
-- Each merged customer with the one that stands for both, through any chain of merges.
WITH RECURSIVE chain(merged_id, customer_id) AS (
    SELECT merged_id, customer_id FROM facts.customer_merged
    UNION
    SELECT chain.merged_id, later.customer_id
    FROM chain JOIN facts.customer_merged AS later ON later.merged_id = chain.customer_id
)
SELECT merged_id, min(customer_id) AS customer_id FROM chain GROUP BY merged_id

-- name: order_state
-- The newest telling of each order that was told more than once: the source's own time decides, then the seq.
SELECT shop, order_id, max_by(struct_pack(
    total := total, currency := currency, rate := rate, gift_card := gift_card, discount := discount,
    shipping := shipping, tax := tax, discount_code := discount_code, country := country, channel := channel,
    is_test := is_test, lines := lines
), (coalesce(updated_at, TIMESTAMPTZ '1970-01-01 00:00:00Z'), seq)) AS newest
FROM facts.order_updated
GROUP BY shop, order_id

-- name: order_refunds
-- What was given back of each order: single refunds add up, a told total counts when it is larger.
SELECT
    shop,
    order_id,
    greatest(
        coalesce(sum(amount * rate) FILTER (NOT is_total), 0),
        coalesce(max(amount * rate) FILTER (is_total), 0)
    )::DECIMAL(18, 4) AS refunded
FROM facts.order_refunded
WHERE order_id IS NOT NULL
GROUP BY shop, order_id

-- name: orders
-- One row per order that stands: cancelled and test orders are none. Money is in the shop's currency; gross leaves out
-- gift cards sold (they count when they are spent) and is before refunds; guests have customer_id 0.
SELECT
    placed.order_id,
    placed.shop,
    coalesce(merged.customer_id, placed.customer_id) AS customer_id,
    placed.occurred_at AS ordered_at,
    CAST(placed.occurred_at AS DATE) AS day,
    CAST(CASE WHEN state.order_id IS NULL
        THEN (placed.total - coalesce(placed.gift_card, 0)) * placed.rate
        ELSE (state.newest.total - coalesce(state.newest.gift_card, 0)) * state.newest.rate
    END AS DECIMAL(18, 4)) AS gross,
    coalesce(back.refunded, 0)::DECIMAL(18, 4) AS refunded,
    placed.currency,
    CASE WHEN state.order_id IS NULL THEN placed.rate ELSE state.newest.rate END AS rate,
    coalesce(state.newest.discount, placed.discount) AS discount,
    coalesce(state.newest.discount_code, placed.discount_code) AS discount_code,
    coalesce(state.newest.country, placed.country) AS country,
    coalesce(state.newest.channel, placed.channel) AS channel,
    CASE WHEN state.order_id IS NULL THEN placed.lines ELSE state.newest.lines END AS lines,
    placed.seq
FROM facts.order_placed AS placed
LEFT JOIN derived.merged AS merged ON merged.merged_id = placed.customer_id
LEFT JOIN derived.order_state AS state ON state.order_id = placed.order_id AND state.shop = placed.shop
LEFT JOIN derived.order_refunds AS back ON back.order_id = placed.order_id AND back.shop = placed.shop
ANTI JOIN facts.order_cancelled AS gone ON gone.order_id = placed.order_id AND gone.shop = placed.shop
WHERE NOT CASE WHEN state.order_id IS NULL THEN placed.is_test ELSE state.newest.is_test END

-- name: order_lines
-- One row per line of an order that stands, in the order's own currency.
SELECT order_id, customer_id, day, currency, line.product, line.name, line.category, line.quantity, line.amount
FROM (SELECT order_id, customer_id, day, currency, unnest(lines) AS line FROM derived.orders)
