-- name: customers_told
-- Good rows of a file of customers with the version that makes the same telling the same fact.
CREATE OR REPLACE TABLE told AS
SELECT *, substr(md5(concat_ws('|',
    coalesce(customer_ref, ''), coalesce(email, ''), coalesce(phone, ''), coalesce(first_name, ''), coalesce(last_name, ''),
    coalesce(country, ''), coalesce(city, ''), coalesce(postcode, ''), coalesce(language, ''), coalesce(timezone, ''),
    coalesce(accepts_email::VARCHAR, ''), coalesce(accepts_sms::VARCHAR, ''), coalesce(tags, ''))), 1, 24) AS version
FROM rows WHERE reason IS NULL

-- name: products_told
-- Good rows of a file of products with their version.
CREATE OR REPLACE TABLE told AS
SELECT *, substr(md5(concat_ws('|',
    product, coalesce(name, ''), coalesce(category, ''), coalesce(price::VARCHAR, ''), coalesce(unit_cost::VARCHAR, ''),
    coalesce(currency, ''), coalesce(replenish_days::VARCHAR, ''))), 1, 24) AS version
FROM rows WHERE reason IS NULL

-- name: costs_told
-- Good rows of a file of costs with their version.
CREATE OR REPLACE TABLE told AS
SELECT *, substr(md5(concat_ws('|',
    channel, coalesce(source, ''), month, amount, coalesce(currency, $currency))), 1, 24) AS version
FROM rows WHERE reason IS NULL

-- name: events_told
-- Good rows of a file of events; one without an id is known by everything that stands in it.
CREATE OR REPLACE TABLE told AS
SELECT *, md5(name || chr(31) || event_key) AS version
FROM (
    SELECT *, coalesce(event_id, 'row:' || substr(md5(concat_ws('|',
        epoch_us(occurred_at), coalesce(customer_ref, ''), coalesce(email, ''), coalesce(phone, ''), properties)), 1, 24)) AS event_key
    FROM rows WHERE reason IS NULL
)

-- name: known_events
-- What is told of a shop's own events, each known by its name and id.
SELECT md5(name || chr(31) || event_id) AS version, source FROM facts.custom_tracked

-- name: fresh
-- Tellings that the log does not know, or knows from this very import; of equal ones in the file the first.
CREATE OR REPLACE TABLE fresh AS
SELECT told.*, known.version IS NOT NULL AS is_mine, row_number() OVER (ORDER BY known.version IS NOT NULL, line) - 1 AS nr
FROM told LEFT JOIN {table} AS known ON known.version = told.version
WHERE (known.version IS NULL OR known.source = '{source}')
    AND line IN (SELECT min(line) FROM told GROUP BY version)

-- name: record_persons
-- Each distinct set of identifiers in a file of customers.
CREATE OR REPLACE TABLE persons AS
SELECT min(line) AS person, $shop AS shop, customer_ref, email, phone
FROM told WHERE coalesce(customer_ref, email, phone) IS NOT NULL
GROUP BY customer_ref, email, phone

-- name: customers_facts
-- Facts of what customers told of themselves.
SELECT $base + nr - $start + 1 AS seq, $source AS source, coalesce(people.customer_id, 0) AS customer_id,
    coalesce(created_at, $now) AS occurred_at, $now AS received_at, $shop AS shop, version, first_name, last_name, country,
    city, postcode, language, timezone, accepts_email, accepts_sms, tags
FROM fresh AS orders_in {people}
WHERE NOT is_mine AND nr >= $start AND nr < $end

-- name: products_facts
-- Facts of products.
SELECT $base + nr - $start + 1 AS seq, $source AS source, 0 AS customer_id, $now AS occurred_at, $now AS received_at,
    $shop AS shop, version, product, name, category, price, unit_cost, currency, replenish_days
FROM fresh WHERE NOT is_mine AND nr >= $start AND nr < $end

-- name: costs_facts
-- Facts of what was spent.
SELECT $base + nr - $start + 1 AS seq, $source AS source, 0 AS customer_id, month::TIMESTAMPTZ AS occurred_at,
    $now AS received_at, $shop AS shop, version, channel, fresh.source AS acquisition_source, month, amount,
    coalesce(currency, $currency) AS currency
FROM fresh WHERE NOT is_mine AND nr >= $start AND nr < $end

-- name: events_facts
-- Facts of a shop's own kinds.
SELECT $base + nr - $start + 1 AS seq, event_key AS event_id, $source AS source,
    coalesce(people.customer_id, 0) AS customer_id, occurred_at, $now AS received_at, name, properties
FROM fresh AS orders_in {people}
WHERE NOT is_mine AND nr >= $start AND nr < $end
