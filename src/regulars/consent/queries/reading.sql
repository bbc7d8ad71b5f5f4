-- name: last_purchases
-- The day of the last order that stands of each of $customers, in the shop's zone, merged people together.
SELECT coalesce(merged.customer_id, placed.customer_id) AS customer_id, max(placed.occurred_at::DATE) AS bought_on
FROM facts.order_placed AS placed
LEFT JOIN standing AS merged ON merged.merged_id = placed.customer_id
ANTI JOIN facts.order_cancelled AS gone ON gone.order_id = placed.order_id AND gone.shop = placed.shop
WHERE NOT placed.is_test
    AND coalesce(merged.customer_id, placed.customer_id) IN (SELECT unnest($customers::BIGINT[]))
GROUP BY 1

-- name: same_person
-- A customer's number, the one that stands for it, and all that are merged into that one.
WITH heir AS (SELECT coalesce((SELECT customer_id FROM standing WHERE merged_id = $customer), $customer) AS customer_id)
SELECT customer_id FROM heir
UNION SELECT standing.merged_id FROM standing JOIN heir USING (customer_id)
ORDER BY 1

-- name: statements
-- Everything that was said of consent, each by who stands for its speaker now; needs the table of merges.
CREATE OR REPLACE TEMP VIEW statements AS
SELECT told.seq, told.occurred_at AS at, told.received_at, coalesce(merged.customer_id, told.customer_id) AS customer,
    told.customer_id, told.verb AS said,
    told.channel, coalesce(told.topic, '') AS topic, told.method, coalesce(told.basis, '') AS basis,
    coalesce(told.text, '') AS text, coalesce(told.text_version, '') AS text_version, told.source,
    coalesce(told.country, '') AS country, coalesce(told.proof, '{}') AS proof
FROM (
    SELECT seq, occurred_at, received_at, customer_id, 'given' AS verb, channel, topic, method, basis, text, text_version,
        source, country, proof
    FROM facts.consent_given
    UNION ALL
    SELECT seq, occurred_at, received_at, customer_id, 'withdrawn', channel, topic, method, '', text, text_version,
        source, country, proof
    FROM facts.consent_withdrawn
    UNION ALL
    SELECT seq, occurred_at, received_at, customer_id, 'requested', channel, topic, method, basis, text, text_version,
        source, country, proof
    FROM facts.consent_requested
    UNION ALL
    SELECT seq, occurred_at, received_at, customer_id, CASE WHEN accepts_email THEN 'given' ELSE 'withdrawn' END, 'email',
        '', 'import', CASE WHEN accepts_email THEN 'express' ELSE '' END, NULL, NULL, source, country, '{}'
    FROM facts.customer_updated WHERE accepts_email IS NOT NULL
    UNION ALL
    SELECT seq, occurred_at, received_at, customer_id, CASE WHEN accepts_sms THEN 'given' ELSE 'withdrawn' END, 'sms',
        '', 'import', CASE WHEN accepts_sms THEN 'express' ELSE '' END, NULL, NULL, source, country, '{}'
    FROM facts.customer_updated WHERE accepts_sms IS NOT NULL
) AS told
LEFT JOIN standing AS merged ON merged.merged_id = told.customer_id
WHERE told.customer_id > 0

-- name: consent_log
-- What $customers said, or everybody where they are NULL, in the order of the log.
SELECT * EXCLUDE (customer_id) FROM statements
WHERE $customers IS NULL OR customer_id IN (SELECT unnest($customers::BIGINT[]))
ORDER BY statements.at, seq, channel

-- name: consent_page
-- A page of what was said, the newest first: of one customer, in one way, on one channel, or whichever where these are NULL.
SELECT * EXCLUDE (customer_id) FROM statements
WHERE ($customer IS NULL OR customer = $customer) AND ($said IS NULL OR said = $said) AND ($channel IS NULL OR channel = $channel)
ORDER BY statements.at DESC, seq DESC, channel
LIMIT $limit OFFSET $offset

-- name: consent_count
-- How many statements there are by the same choice, and of how many people.
SELECT count(*) AS n, count(DISTINCT customer) AS n_customers FROM statements
WHERE ($customer IS NULL OR customer = $customer) AND ($said IS NULL OR said = $said) AND ($channel IS NULL OR channel = $channel)
