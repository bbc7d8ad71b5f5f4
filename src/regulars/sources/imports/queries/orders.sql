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

-- name: persons
-- Each distinct set of identifiers in the file, numbered by the line where it first stands.
CREATE OR REPLACE TABLE persons AS
SELECT min(line) AS person, $shop AS shop, customer_ref, email, phone
FROM (
    SELECT line, customer_ref, email, phone FROM orders_in
    UNION ALL
    SELECT line, customer_ref, email, phone FROM refunds_in
)
WHERE coalesce(customer_ref, email, phone) IS NOT NULL
GROUP BY customer_ref, email, phone

-- name: placed
-- Facts of orders first told here; seqs follow the lines.
SELECT
    $base + (line - $first_line) * 4 + 1 AS seq, $source AS source, coalesce(people.customer_id, 0) AS customer_id,
    ordered_at AS occurred_at, $now AS received_at, $shop AS shop, order_id, total, currency,
    coalesce(rate_of(currency, ordered_at), 1) AS rate, gift_card, discount, shipping, tax, discount_code, country, channel,
    is_test, updated_at, lines
FROM orders_in {people}
WHERE line >= $first_line AND line < $end_line
    AND order_id NOT IN (SELECT order_id FROM known_orders) AND order_id NOT IN (SELECT order_id FROM meanwhile)

-- name: updated
-- Facts of orders told anew.
SELECT
    $base + (line - $first_line) * 4 + 1 AS seq, $source AS source, known.customer_id AS customer_id,
    ordered_at AS occurred_at, $now AS received_at, $shop AS shop, order_id, order_version(updates) AS version, total, currency,
    coalesce(rate_of(currency, ordered_at), 1) AS rate, gift_card, discount, shipping, tax, discount_code, country, channel,
    is_test, updates.updated_at AS updated_at, updates.lines AS lines
FROM updates JOIN (SELECT order_id, customer_id FROM known_orders) AS known USING (order_id)
WHERE line >= $first_line AND line < $end_line

-- name: cancelled
-- Facts of orders that the file calls cancelled.
SELECT
    $base + (line - $first_line) * 4 + 2 AS seq, $source AS source, coalesce(people.customer_id, 0) AS customer_id,
    coalesce(cancelled_at, ordered_at) AS occurred_at, $now AS received_at, $shop AS shop, order_id
FROM orders_in {people}
WHERE line >= $first_line AND line < $end_line AND is_cancelled
    AND order_id NOT IN (SELECT order_id FROM known_cancellations)

-- name: refunded
-- Facts of money given back: told totals of orders, and credit notes.
SELECT
    $base + (line - $first_line) * 4 + 3 AS seq, $source AS source, coalesce(people.customer_id, 0) AS customer_id,
    refunded_at AS occurred_at, $now AS received_at, $shop AS shop, refund_id, order_id, amount, currency,
    coalesce(rate_of(currency, refunded_at), 1) AS rate, is_total
FROM (
    SELECT line, customer_ref, email, phone, coalesce(refunded_at, ordered_at) AS refunded_at,
        refund_id(order_id, refunded) AS refund_id, order_id, refunded AS amount, currency, true AS is_total
    FROM orders_in WHERE refunded > 0
    UNION ALL
    SELECT line, customer_ref, email, phone, refunded_at, refund_id, order_id, amount, currency, false
    FROM refunds_in WHERE amount > 0
) AS orders_in {people}
WHERE line >= $first_line AND line < $end_line AND refund_id NOT IN (SELECT refund_id FROM known_refunds)

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

-- name: meanwhile
-- Orders told by others while this import runs.
CREATE OR REPLACE TABLE meanwhile (order_id VARCHAR)

-- name: people
-- Each set of identifiers of the file with its customer.
CREATE OR REPLACE TABLE people AS
SELECT persons.customer_ref, persons.email, persons.phone, person_customers.customer_id
FROM persons JOIN person_customers USING (person)

-- name: identified
-- Facts of identifiers learnt here.
SELECT $base + nr - $start + 1 AS seq, $source AS source, customer_id, $now AS occurred_at, $now AS received_at, identifier
FROM (SELECT *, row_number() OVER (ORDER BY person, identifier) - 1 AS nr FROM new_identities)
WHERE nr >= $start AND nr < $end

-- name: merged
-- Facts of customers that turned out to be one; they follow the identifiers.
SELECT $base + nr - $start + 1 AS seq, $source AS source, customer_id, $now AS occurred_at, $now AS received_at, merged_id,
    'shared identifier' AS reason
FROM (
    SELECT *, (SELECT count(*) FROM new_identities) + row_number() OVER (ORDER BY merged_id) - 1 AS nr FROM new_merges
)
WHERE nr >= $start AND nr < $end

-- name: products
-- Products named on lines that the log has not heard of in these words.
CREATE OR REPLACE TABLE products_in AS
SELECT product, name, category, substr(md5(concat_ws('|', product, coalesce(name, ''), coalesce(category, ''))), 1, 24) AS version
FROM (
    SELECT item.product AS product, min(item.name) AS name, min(item.category) AS category
    FROM (SELECT unnest(lines) AS item FROM orders_in WHERE len(lines) > 0)
    WHERE item.product IS NOT NULL
    GROUP BY item.product
)
WHERE 'line:' || version NOT IN (SELECT version FROM facts.product_updated WHERE shop = $shop)

-- name: product_facts
-- Facts of the products named on lines.
SELECT $base + row_number() OVER (ORDER BY product) AS seq, $source AS source, 0 AS customer_id, $now AS occurred_at,
    $now AS received_at, $shop AS shop, 'line:' || version AS version, product, name, category
FROM products_in
