-- name: customers
-- One row per known customer, merges joined, also those without an order: contact, what was told of the person last,
-- and the sums of customer_sum, 0 without orders.
SELECT
    customer_id,
    coalesce(reference, '') AS reference,
    coalesce(email, '') AS email,
    coalesce(phone, '') AS phone,
    coalesce(first_name, '') AS first_name,
    coalesce(last_name, '') AS last_name,
    coalesce(country, '') AS country,
    coalesce(city, '') AS city,
    coalesce(language, '') AS language,
    coalesce(tags, '') AS tags,
    accepts_email,
    accepts_sms,
    first_day,
    last_day,
    coalesce(orders, 0)::INTEGER AS orders,
    coalesce(days, 0)::INTEGER AS days,
    coalesce(gross, 0)::DECIMAL(18, 4) AS gross,
    coalesce(refunded, 0)::DECIMAL(18, 4) AS refunded,
    coalesce(net, 0)::DECIMAL(18, 4) AS net
FROM (
    SELECT
        coalesce(merged.customer_id, told.customer_id) AS customer_id,
        arg_min(substr(identifier, 4 + position(':' IN substr(identifier, 4))), seq)
            FILTER (starts_with(identifier, 'id:')) AS reference,
        arg_min(substr(identifier, 7), seq) FILTER (starts_with(identifier, 'email:')) AS email,
        arg_min(substr(identifier, 7), seq) FILTER (starts_with(identifier, 'phone:')) AS phone
    FROM facts.customer_identified AS told
    LEFT JOIN derived.merged AS merged ON merged.merged_id = told.customer_id
    WHERE told.customer_id > 0
    GROUP BY 1
) AS contact
FULL JOIN (
    SELECT
        coalesce(merged.customer_id, told.customer_id) AS customer_id,
        arg_max(first_name, seq) AS first_name,
        arg_max(last_name, seq) AS last_name,
        arg_max(country, seq) AS country,
        arg_max(city, seq) AS city,
        arg_max(language, seq) AS language,
        arg_max(tags, seq) AS tags,
        arg_max(accepts_email, seq) AS accepts_email,
        arg_max(accepts_sms, seq) AS accepts_sms
    FROM facts.customer_updated AS told
    LEFT JOIN derived.merged AS merged ON merged.merged_id = told.customer_id
    WHERE told.customer_id > 0
    GROUP BY 1
) AS person USING (customer_id)
FULL JOIN derived.customer_sum AS sums USING (customer_id)

-- name: customer_attributes
-- What a shop keeps of its customers by names of its own, merges joined, as told last; names in lower case. A value that
-- reads as a number or as a day as 2024-12-31 is there as such, too.
SELECT
    customer_id,
    name,
    value,
    TRY_CAST(value AS DECIMAL(38, 9)) AS number,
    CASE WHEN regexp_full_match(value, '\d{4}-\d\d-\d\d') THEN TRY_CAST(value AS DATE) END AS day
FROM (
    SELECT
        coalesce(merged.customer_id, told.customer_id) AS customer_id,
        lower(trim(told.name)) AS name,
        arg_max(coalesce(trim(told.value), ''), told.seq) AS value
    FROM facts.customer_described AS told
    LEFT JOIN derived.merged AS merged ON merged.merged_id = told.customer_id
    WHERE told.customer_id > 0
    GROUP BY 1, 2
)
WHERE value <> ''
