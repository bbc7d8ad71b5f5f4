-- name: new_identities
-- Identifiers told after $seq with the customer they lead to; sorted, so that the operational index grows at its end.
SELECT identifier, arg_min(customer_id, seq) AS customer_id
FROM facts.customer_identified WHERE seq > $seq
GROUP BY identifier ORDER BY identifier

-- name: new_contacts
-- The first identifier of each kind per customer, as contact details.
SELECT
    customer_id,
    coalesce(arg_min(substr(identifier, 4 + position(':' IN substr(identifier, 4))), seq)
        FILTER (starts_with(identifier, 'id:')), '') AS reference,
    coalesce(arg_min(substr(identifier, 7), seq) FILTER (starts_with(identifier, 'email:')), '') AS email,
    coalesce(arg_min(substr(identifier, 7), seq) FILTER (starts_with(identifier, 'phone:')), '') AS phone
FROM facts.customer_identified WHERE seq > $seq
GROUP BY customer_id ORDER BY customer_id

-- name: new_merges
-- Which customer now stands for which.
SELECT customer_id, merged_id FROM facts.customer_merged WHERE seq > $seq ORDER BY seq

-- name: new_attributes
-- The latest told value of each attribute per customer; NULL says nothing.
SELECT
    customer_id,
    arg_max(first_name, seq) AS first_name,
    arg_max(last_name, seq) AS last_name,
    arg_max(country, seq) AS country,
    arg_max(city, seq) AS city,
    arg_max(postcode, seq) AS postcode,
    arg_max(language, seq) AS language,
    arg_max(timezone, seq) AS timezone,
    arg_max(accepts_email, seq) AS accepts_email,
    arg_max(accepts_sms, seq) AS accepts_sms,
    arg_max(tags, seq) AS tags
FROM facts.customer_updated WHERE seq > $seq AND customer_id > 0
GROUP BY customer_id ORDER BY customer_id

-- name: asked_identifiers
-- Every usable identifier of each asked person: rank says how strong.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT person, identifier, rank FROM (
    SELECT person, 'id:' || shop || ':' || customer_ref AS identifier, 1 AS rank FROM persons WHERE customer_ref IS NOT NULL
    UNION ALL
    SELECT person, 'email:' || lower(trim(email)), 2 FROM persons
    WHERE regexp_full_match(trim(email), '[^@\s]+@[^@\s]+\.[^@\s]+')
    UNION ALL
    SELECT person, 'phone:' || number, 3 FROM (
        SELECT person, regexp_replace(regexp_replace(trim(phone), '[^0-9+]', '', 'g'), '^00', '+') AS number
        FROM persons WHERE phone IS NOT NULL
    ) WHERE regexp_full_match(number, '\+[1-9][0-9]{6,14}')
)

-- name: drop_common
-- An e-mail or phone that many shop accounts share identifies nobody.
DELETE FROM asked WHERE rank > 1 AND identifier IN (
    SELECT identifier FROM asked WHERE rank > 1 GROUP BY identifier HAVING count(*) > $too_common
)

-- name: known_identifiers
-- Asked identifiers that the log knows, with the customer that stands for them.
CREATE OR REPLACE TEMP TABLE known AS
SELECT asked.person, asked.identifier, coalesce(merged.customer_id, told.customer_id) AS customer_id
FROM asked
JOIN facts.customer_identified AS told ON told.identifier = asked.identifier
LEFT JOIN standing AS merged ON merged.merged_id = told.customer_id

-- name: shared_identifiers
-- Pairs of asked persons that an identifier, known customer or both make one.
SELECT person, first_value(person) OVER (PARTITION BY link ORDER BY person) AS other
FROM (
    SELECT person, identifier AS link FROM asked
    SEMI JOIN (SELECT identifier FROM asked GROUP BY identifier HAVING count(*) > 1) USING (identifier)
    UNION
    SELECT person, 'customer:' || customer_id FROM known
    SEMI JOIN (SELECT customer_id FROM known GROUP BY customer_id HAVING count(DISTINCT person) > 1) USING (customer_id)
)
QUALIFY other <> person

-- name: person_customers
-- Each asked person's customer: a known one (the smallest when they turn out to be one), else a new number in order of
-- first appearance.
CREATE OR REPLACE TABLE person_customers AS
WITH grouped AS (
    SELECT persons.person, coalesce(same.group_id, persons.person) AS group_id
    FROM persons LEFT JOIN same_person AS same ON same.person = persons.person
    WHERE persons.person IN (SELECT person FROM asked)
), found AS (
    SELECT group_id, min(customer_id) AS customer_id FROM known JOIN grouped USING (person) GROUP BY group_id
), numbered AS (
    SELECT group_id, $first_new_id + row_number() OVER (ORDER BY group_id) - 1 AS customer_id
    FROM (SELECT DISTINCT group_id FROM grouped ANTI JOIN found USING (group_id))
)
SELECT grouped.person, coalesce(found.customer_id, numbered.customer_id) AS customer_id
FROM grouped LEFT JOIN found USING (group_id) LEFT JOIN numbered USING (group_id)

-- name: learnt_identities
-- Identifiers that the log does not know yet.
CREATE OR REPLACE TABLE new_identities AS
SELECT any_value(customer_id) AS customer_id, identifier, min(person) AS person
FROM asked JOIN person_customers USING (person)
ANTI JOIN known USING (identifier)
GROUP BY identifier

-- name: learnt_merges
-- Known customers that turned out to be the same as a smaller one.
CREATE OR REPLACE TABLE new_merges AS
SELECT DISTINCT chosen.customer_id, known.customer_id AS merged_id
FROM known JOIN person_customers AS chosen USING (person)
WHERE known.customer_id <> chosen.customer_id
