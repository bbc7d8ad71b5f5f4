-- name: orders
-- Orders that stand, of identified customers, in the shop's currency.
SELECT
    customer_id, ordered_at AS instant, day, shop, order_id, gross AS total, refunded, discount * rate AS discount,
    discount_code, country, channel, currency, seq
FROM orders
WHERE customer_id > 0

-- name: lines
-- Lines of such orders; the amount in the shop's currency.
SELECT
    customer_id, ordered_at AS instant, day, shop, order_id, country, channel, line.product AS product, line.name AS name,
    line.category AS category, line.quantity AS quantity, line.amount * rate AS amount, seq
FROM (SELECT customer_id, ordered_at, day, shop, order_id, country, channel, rate, seq, unnest(lines) AS line FROM orders)
WHERE customer_id > 0

-- name: refunds
-- Money given back to identified customers, in the shop's currency; a told total as it was told.
SELECT
    coalesce(merged.customer_id, owner.customer_id, back.customer_id) AS customer_id,
    back.occurred_at AS instant, CAST(back.occurred_at AS DATE) AS day,
    back.shop, back.order_id, back.amount * back.rate AS amount, back.reason, back.seq
FROM order_refunded AS back
LEFT JOIN owned_refunds AS owner
    ON back.customer_id = 0 AND owner.order_id = back.order_id AND owner.shop = back.shop
LEFT JOIN merged ON merged.merged_id = back.customer_id
WHERE coalesce(owner.customer_id, back.customer_id) > 0

-- name: cancellations
-- Orders of identified customers that were cancelled.
SELECT
    coalesce(merged.customer_id, placed.customer_id) AS customer_id,
    gone.occurred_at AS instant, CAST(gone.occurred_at AS DATE) AS day, gone.shop, gone.order_id, gone.reason, gone.seq
FROM order_cancelled AS gone
JOIN order_placed AS placed ON placed.order_id = gone.order_id AND placed.shop = gone.shop
LEFT JOIN merged ON merged.merged_id = placed.customer_id
WHERE placed.customer_id > 0

-- name: facts
-- Facts of one kind about identified customers, merges joined.
SELECT
    coalesce(merged.customer_id, told.customer_id) AS customer_id,
    told.occurred_at AS instant, CAST(told.occurred_at AS DATE) AS day, told.* EXCLUDE (customer_id)
FROM $table AS told
LEFT JOIN merged ON merged.merged_id = told.customer_id
WHERE told.customer_id > 0

-- name: statements
-- What identified customers said of channels and topics.
SELECT
    coalesce(merged.customer_id, told.customer_id) AS customer_id, told.channel, told.topic, told.state, told.expires_on,
    told.occurred_at AS instant, told.seq
FROM (
    SELECT customer_id, channel, topic, 'given' AS state, expires_on, occurred_at, seq FROM consent_given
    UNION ALL
    SELECT customer_id, channel, topic, 'asked', NULL, occurred_at, seq FROM consent_requested
    UNION ALL
    SELECT customer_id, channel, topic, 'withdrawn', NULL, occurred_at, seq FROM consent_withdrawn
) AS told
LEFT JOIN merged ON merged.merged_id = told.customer_id
WHERE told.customer_id > 0
