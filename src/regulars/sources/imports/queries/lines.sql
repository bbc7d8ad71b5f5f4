-- name: orders_of_lines
-- Orders of a file of lines: what concerns the order is its first told value, the lines' amounts add up.
CREATE OR REPLACE TABLE orders_in AS
SELECT
    min(line) AS line,
    count(*) AS n_rows,
    order_key AS order_id,
    arg_min(customer_ref, line) AS customer_ref,
    arg_min(email, line) AS email,
    arg_min(phone, line) AS phone,
    min(ordered_at) AS ordered_at,
    coalesce(arg_min(total, line), sum(amount), 0)::DECIMAL(18, 4) AS total,
    arg_min(currency, line) AS currency,
    sum(amount) FILTER (is_gift_card)::DECIMAL(18, 4) AS gift_card,
    arg_min(discount, line) AS discount,
    arg_min(shipping, line) AS shipping,
    arg_min(tax, line) AS tax,
    arg_min(discount_code, line) AS discount_code,
    arg_min(country, line) AS country,
    arg_min(channel, line) AS channel,
    coalesce(bool_or(is_test), false) AS is_test,
    max(updated_at) AS updated_at,
    coalesce(bool_or(is_cancelled), false) AS is_cancelled,
    min(cancelled_at) AS cancelled_at,
    max(refunded) AS refunded,
    min(refunded_at) AS refunded_at,
    list(struct_pack(product := product, name := product_name, category := category, quantity := quantity, amount := amount)
        ORDER BY line) AS lines,
    arg_min(total, line) IS NULL AS adds_up
FROM keyed WHERE NOT coalesce(is_refund, false)
GROUP BY order_key

-- name: refunds_of_lines
-- Credit notes: rows that give money back, together per note; linked to an order when they carry its id.
CREATE OR REPLACE TABLE refunds_in AS
SELECT
    min(line) AS line,
    count(*) AS n_rows,
    'note:' || order_key AS refund_id,
    CASE WHEN order_key IN (SELECT order_id FROM orders_in) THEN order_key END AS order_id,
    arg_min(customer_ref, line) AS customer_ref,
    arg_min(email, line) AS email,
    arg_min(phone, line) AS phone,
    min(ordered_at) AS refunded_at,
    abs(coalesce(sum(amount), arg_min(total, line), 0))::DECIMAL(18, 4) AS amount,
    arg_min(currency, line) AS currency
FROM keyed WHERE coalesce(is_refund, false)
GROUP BY order_key

-- name: no_refunds
-- A file in which a row is an order has no credit notes beside the told refunds.
CREATE OR REPLACE TABLE refunds_in AS
SELECT
    line, 1::BIGINT AS n_rows, 'note:' || order_id AS refund_id, NULL::VARCHAR AS order_id, customer_ref, email, phone,
    ordered_at AS refunded_at, abs(total)::DECIMAL(18, 4) AS amount, currency
FROM rows WHERE reason IS NULL AND coalesce(is_refund, false)

-- name: no_lines
-- Orders told whole have no lines to merge.
CREATE OR REPLACE TABLE merged_lines (order_id VARCHAR, lines STRUCT(product VARCHAR, name VARCHAR, category VARCHAR, quantity DECIMAL(18, 4), amount DECIMAL(18, 4))[], total DECIMAL(18, 4), n_new BIGINT)

-- name: merge_lines
-- A known order told again by a file of lines: of each identical line the larger count stands, so files may overlap.
CREATE OR REPLACE TABLE merged_lines AS
WITH told AS (
    SELECT orders_in.order_id, unnest(orders_in.lines) AS item, 'file' AS side
    FROM orders_in SEMI JOIN known_orders USING (order_id)
    UNION ALL
    SELECT order_id, unnest(lines), 'log' FROM known_orders
), counted AS (
    SELECT order_id, item, count(*) FILTER (side = 'file') AS in_file, count(*) FILTER (side = 'log') AS in_log
    FROM told GROUP BY order_id, item
)
SELECT
    order_id,
    flatten(list(list_transform(range(greatest(in_file, in_log)), lambda copy: item) ORDER BY item)) AS lines,
    sum(item.amount * greatest(in_file, in_log))::DECIMAL(18, 4) AS total,
    sum(greatest(in_file - in_log, 0))::BIGINT AS n_new
FROM counted GROUP BY order_id
