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
