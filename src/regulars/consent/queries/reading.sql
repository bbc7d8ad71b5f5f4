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

-- name: consent_log
-- Everything that was said of consent by $customers, or by everybody where they are NULL, in the order of the log.
SELECT told.seq, told.occurred_at AS at, told.received_at, coalesce(merged.customer_id, told.customer_id) AS customer, told.verb AS said,
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
WHERE told.customer_id > 0 AND ($customers IS NULL OR told.customer_id IN (SELECT unnest($customers::BIGINT[])))
ORDER BY told.occurred_at, told.seq, told.channel
