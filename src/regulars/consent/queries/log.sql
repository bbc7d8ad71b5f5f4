-- name: new_statements
-- The latest statement told after $seq of each person, channel, topic, verb and basis.
SELECT customer_id, channel, topic, verb, basis, is_tied,
    last.method, last.occurred_at AS since, last.text_version, last.country, last.source, last.expires_on, last.event_id, last.seq
FROM (
    SELECT customer_id, channel, coalesce(topic, '') AS topic, verb, coalesce(basis, '') AS basis,
        coalesce(is_tied, false) AS is_tied,
        max_by(struct_pack(
            method := method, occurred_at := occurred_at, text_version := text_version, country := country,
            source := source, expires_on := expires_on, event_id := coalesce(event_id, ''), seq := seq
        ), (occurred_at, coalesce(event_id, ''), seq)) AS last
    FROM (
        SELECT seq, event_id, source, customer_id, occurred_at, channel, topic, method, text_version, country,
            'given' AS verb, basis, expires_on, is_condition_of_sale AS is_tied
        FROM facts.consent_given WHERE seq > $seq
        UNION ALL
        SELECT seq, event_id, source, customer_id, occurred_at, channel, topic, method, text_version, country,
            'withdrawn', '', NULL, false
        FROM facts.consent_withdrawn WHERE seq > $seq
        UNION ALL
        SELECT seq, event_id, source, customer_id, occurred_at, channel, topic, method, text_version, country,
            'requested', basis, NULL, false
        FROM facts.consent_requested WHERE seq > $seq
    )
    WHERE customer_id > 0
    GROUP BY ALL
)
ORDER BY customer_id

-- name: new_flags
-- What imports told after $seq of whether people welcome e-mails and text messages; of one instant the one read later.
SELECT customer_id, channel, last.accepts, last.occurred_at AS since, last.received_at AS heard_at, last.country,
    last.source, last.event_id, last.seq
FROM (
    SELECT customer_id, channel, max_by(struct_pack(
        accepts := accepts, occurred_at := occurred_at, received_at := received_at, country := country, source := source,
        event_id := coalesce(event_id, ''), seq := seq
    ), (occurred_at, received_at, NOT accepts, coalesce(event_id, ''), seq)) AS last
    FROM (
        SELECT seq, event_id, source, customer_id, occurred_at, received_at, country, 'email' AS channel,
            accepts_email AS accepts
        FROM facts.customer_updated WHERE seq > $seq AND accepts_email IS NOT NULL
        UNION ALL
        SELECT seq, event_id, source, customer_id, occurred_at, received_at, country, 'sms', accepts_sms
        FROM facts.customer_updated WHERE seq > $seq AND accepts_sms IS NOT NULL
    )
    WHERE customer_id > 0
    GROUP BY customer_id, channel
)
ORDER BY customer_id

-- name: new_merged
-- Who was found after $seq to be somebody else.
SELECT DISTINCT merged_id FROM facts.customer_merged WHERE seq > $seq ORDER BY merged_id

-- name: new_suppressions
-- The latest telling after $seq of each channel, address and reason; at one instant keeping from it counts.
SELECT channel, fingerprint, reason, last.is_standing, last.occurred_at AS since, last.until, last.event_id
FROM (
    SELECT channel, fingerprint, reason, max_by(struct_pack(
        is_standing := is_standing, occurred_at := occurred_at, until := until, event_id := coalesce(event_id, '')
    ), (occurred_at, is_standing, coalesce(event_id, ''))) AS last
    FROM (
        SELECT event_id, occurred_at, channel, fingerprint, reason, until, true AS is_standing
        FROM facts.address_suppressed WHERE seq > $seq
        UNION ALL
        SELECT event_id, occurred_at, channel, fingerprint, reason, NULL, false
        FROM facts.address_released WHERE seq > $seq
    )
    GROUP BY channel, fingerprint, reason
)
ORDER BY channel, fingerprint, reason
