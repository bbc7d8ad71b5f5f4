-- name: macros
-- Small functions used above.
CREATE OR REPLACE MACRO order_version(o) AS substr(md5(concat_ws('|',
    struct_extract(o, 'total'), struct_extract(o, 'currency'), coalesce(struct_extract(o, 'gift_card')::VARCHAR, ''),
    coalesce(struct_extract(o, 'discount')::VARCHAR, ''), coalesce(struct_extract(o, 'shipping')::VARCHAR, ''),
    coalesce(struct_extract(o, 'tax')::VARCHAR, ''), coalesce(struct_extract(o, 'discount_code'), ''),
    coalesce(struct_extract(o, 'country'), ''), coalesce(struct_extract(o, 'channel'), ''), struct_extract(o, 'is_test'),
    coalesce(epoch_us(struct_extract(o, 'updated_at'))::VARCHAR, ''),
    coalesce(to_json(struct_extract(o, 'lines'))::VARCHAR, ''))), 1, 24);
CREATE OR REPLACE MACRO refund_id(order_id, refunded) AS order_id || ':total:' || refunded::VARCHAR;
CREATE OR REPLACE MACRO day_of(moment) AS strftime(moment::DATE, '%Y-%m-%d');
CREATE OR REPLACE MACRO row_content(r) AS md5(concat_ws('|',
    coalesce(struct_extract(r, 'order_id'), ''), epoch_us(struct_extract(r, 'ordered_at')),
    coalesce(struct_extract(r, 'total')::VARCHAR, ''), coalesce(struct_extract(r, 'amount')::VARCHAR, ''),
    coalesce(struct_extract(r, 'quantity')::VARCHAR, ''), coalesce(struct_extract(r, 'product'), ''),
    coalesce(struct_extract(r, 'product_name'), ''), coalesce(struct_extract(r, 'currency'), '')))

-- name: refuse_money
-- Rows that read well but whose money cannot be added up: no currency, or one that has no rate on that day.
UPDATE staged SET
    field = 'currency',
    reason = CASE WHEN currency IS NULL THEN 'no currency' ELSE 'no rate from ' || currency || ' on ' || day_of(ordered_at) END,
    fix = CASE WHEN currency IS NULL
        THEN 'name it with --currency, or map a column to it'
        ELSE 'give a rates file with --rates (day, currency, rate to ' || $currency || ')'
    END
WHERE reason IS NULL AND (currency IS NULL OR (currency <> $currency AND rate_of(currency, ordered_at) IS NULL))

-- name: fill_down
-- In a file of lines, what concerns the order may stand in one of its rows only.
UPDATE staged SET
    ordered_at = coalesce(staged.ordered_at, told.ordered_at),
    currency = coalesce(staged.currency, told.currency)
FROM (
    SELECT order_id, arg_min(ordered_at, line) AS ordered_at, arg_min(currency, line) AS currency
    FROM rows WHERE reason IS NULL GROUP BY order_id
) AS told
WHERE staged.order_id = told.order_id AND staged.reason IS NULL
    AND (staged.ordered_at IS NULL OR staged.currency IS NULL)

-- name: refuse_undated
-- Lines of an order that is dated in none of its rows.
UPDATE staged SET
    field = 'ordered_at', reason = 'no date in any row of order ' || order_id, fix = 'fill in the date of the order'
WHERE reason IS NULL AND ordered_at IS NULL

-- name: repeated
-- Order ids that stand in more than one good row of a file in which a row is an order.
CREATE OR REPLACE TABLE repeated AS
SELECT
    order_id,
    line,
    rid,
    first_value(line) OVER best AS kept,
    content IS NOT DISTINCT FROM first_value(content) OVER best
        OR updated_at IS DISTINCT FROM first_value(updated_at) OVER best AS is_told
FROM (
    SELECT rows.*, md5(concat_ws('|', total, amount, refunded, currency, ordered_at, customer_ref, email, is_cancelled)) AS content
    FROM rows SEMI JOIN (
        SELECT order_id FROM rows WHERE reason IS NULL AND order_id IS NOT NULL GROUP BY order_id HAVING count(*) > 1
    ) USING (order_id)
    WHERE reason IS NULL
)
WINDOW best AS (PARTITION BY order_id ORDER BY updated_at DESC NULLS LAST, line)

-- name: refuse_contradictions
-- The same order id twice with other values and nothing that tells which is newer.
UPDATE staged SET
    field = 'order_id',
    reason = 'order ' || staged.order_id || ' stands in line ' || repeated.kept || ' with other values',
    fix = 'keep one of the two; if each row is a line of the order, map product and quantity columns'
FROM repeated
WHERE staged.rowid = repeated.rid AND NOT repeated.is_told

-- name: orders_of_rows
-- Orders of a file in which a row is an order.
CREATE OR REPLACE VIEW orders_in AS
SELECT
    line, 1::BIGINT AS n_rows, order_id, customer_ref, email, phone, ordered_at, total, currency,
    CASE WHEN is_gift_card THEN total END AS gift_card, discount, shipping, tax, discount_code, country, channel,
    coalesce(is_test, false) AS is_test, updated_at, coalesce(is_cancelled, false) AS is_cancelled, cancelled_at,
    refunded, refunded_at,
    CASE WHEN product IS NOT NULL OR quantity IS NOT NULL THEN [struct_pack(
        product := product, name := product_name, category := category, quantity := quantity,
        amount := coalesce(amount, total))]
    END AS lines
FROM rows
WHERE reason IS NULL AND NOT coalesce(is_refund, false) AND line NOT IN (SELECT line FROM repeated WHERE line <> kept)

-- name: keyed_rows
-- Good rows of a file of lines with the key of their order: its id, or one customer at one moment.
CREATE OR REPLACE TABLE keyed AS
SELECT
    rows.*,
    coalesce(order_id, 'm-' || substr(md5(concat_ws('|',
        coalesce('id:' || customer_ref, 'email:' || email, 'phone:' || phone, 'row:' || row_content(rows) || ':' || copy),
        epoch_us(ordered_at))), 1, 24)) AS order_key
FROM (
    SELECT *, CASE WHEN order_id IS NULL AND customer_ref IS NULL AND email IS NULL AND phone IS NULL
        THEN row_number() OVER (PARTITION BY row_content(rows) ORDER BY line) END AS copy
    FROM rows WHERE reason IS NULL
) AS rows

-- name: refuse_other_people
-- Rows of an order that name another customer than its first row.
UPDATE staged SET
    field = 'customer_id',
    reason = 'order ' || staged.order_id || ' belongs to another customer in line ' || other.first_line,
    fix = 'give both lines the same customer, or another order id'
FROM (
    SELECT rid, first_line FROM (
        SELECT
            rid, coalesce(customer_ref, email) AS person,
            first_value(line) OVER whole AS first_line,
            first_value(coalesce(customer_ref, email)) OVER whole AS first_person
        FROM rows
        WHERE reason IS NULL AND order_id IS NOT NULL AND coalesce(customer_ref, email) IS NOT NULL
        WINDOW whole AS (PARTITION BY order_id ORDER BY line)
    ) WHERE person <> first_person
) AS other
WHERE staged.rowid = other.rid
