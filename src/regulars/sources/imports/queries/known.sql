-- name: known_orders
-- Orders of the file that the log knows, with their newest told state.
CREATE OR REPLACE TABLE known_orders AS
SELECT
    placed.order_id,
    placed.source,
    placed.customer_id,
    coalesce(told.updated_at, placed.updated_at) AS updated_at,
    coalesce(told.lines, placed.lines) AS lines,
    coalesce(told.total, placed.total) AS total,
    list_distinct(list_append(coalesce(told.versions, []), order_version(placed))) AS versions,
    coalesce(told.source = $source, false) AS was_updated_by_this
FROM facts.order_placed AS placed
LEFT JOIN (
    SELECT
        order_id, shop,
        max_by(updated_at, (coalesce(updated_at, TIMESTAMPTZ '1970-01-01 00:00:00Z'), seq)) AS updated_at,
        max_by(lines, (coalesce(updated_at, TIMESTAMPTZ '1970-01-01 00:00:00Z'), seq)) AS lines,
        max_by(total, (coalesce(updated_at, TIMESTAMPTZ '1970-01-01 00:00:00Z'), seq)) AS total,
        max_by(source, seq) AS source,
        list(version) AS versions
    FROM facts.order_updated GROUP BY order_id, shop
) AS told ON told.order_id = placed.order_id AND told.shop = placed.shop
SEMI JOIN orders_in ON orders_in.order_id = placed.order_id
WHERE placed.shop = $shop

-- name: known_refunds
-- Refund ids that the log knows.
CREATE OR REPLACE TABLE known_refunds AS
SELECT refund_id, source FROM facts.order_refunded WHERE shop = $shop

-- name: known_cancellations
-- Orders that the log knows as cancelled.
CREATE OR REPLACE TABLE known_cancellations AS
SELECT order_id, source FROM facts.order_cancelled WHERE shop = $shop

-- name: meanwhile
-- Orders told by others while this import runs.
CREATE OR REPLACE TABLE meanwhile (order_id VARCHAR)

-- name: updates
-- Known orders whose telling here is new: another version, and not older than what is known.
CREATE OR REPLACE TABLE updates AS
SELECT orders_in.* REPLACE (coalesce(merged.lines, orders_in.lines) AS lines, coalesce(merged.total, orders_in.total) AS total),
    coalesce(merged.n_new, orders_in.n_rows) AS n_new
FROM orders_in
JOIN known_orders AS known USING (order_id)
LEFT JOIN merged_lines AS merged ON merged.order_id = orders_in.order_id
WHERE coalesce(orders_in.updated_at >= known.updated_at, true)
    AND (merged.order_id IS NULL OR merged.n_new > 0)
    AND NOT list_contains(known.versions, order_version(struct_pack(
        total := coalesce(merged.total, orders_in.total), currency := orders_in.currency, gift_card := orders_in.gift_card,
        discount := orders_in.discount, shipping := orders_in.shipping, tax := orders_in.tax,
        discount_code := orders_in.discount_code, country := orders_in.country, channel := orders_in.channel,
        is_test := orders_in.is_test, updated_at := orders_in.updated_at,
        lines := coalesce(merged.lines, orders_in.lines))))

-- name: verdicts
-- What became of the good rows: accepted when any fact of their order is new here (or was, when this import goes on
-- after a crash), else duplicates.
SELECT coalesce(sum(n), 0)::BIGINT FROM (
    SELECT CASE
        WHEN known.order_id IS NULL OR known.source = $source THEN o.n_rows
        WHEN updates.order_id IS NOT NULL THEN updates.n_new
        WHEN known.was_updated_by_this THEN o.n_rows
        WHEN (o.is_cancelled AND coalesce(gone.source = $source, gone.order_id IS NULL))
            OR (o.refunded > 0 AND coalesce(back.source = $source, back.refund_id IS NULL)) THEN o.n_rows
        ELSE 0
    END AS n
    FROM orders_in AS o
    LEFT JOIN known_orders AS known USING (order_id)
    LEFT JOIN updates ON updates.order_id = o.order_id
    LEFT JOIN known_cancellations AS gone ON gone.order_id = o.order_id
    LEFT JOIN known_refunds AS back ON back.refund_id = refund_id(o.order_id, o.refunded)
    UNION ALL
    SELECT n_rows FROM refunds_in LEFT JOIN known_refunds AS back USING (refund_id)
    WHERE back.refund_id IS NULL OR back.source = $source
)
