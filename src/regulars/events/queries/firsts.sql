-- name: first_orders
-- Each identified customer's first order (the earliest, then the first told), what it was like, and the day of the
-- second order day. The product is the line with the largest amount: its number, or its name where it has none.
SELECT
    customer_id,
    first_day,
    second_day,
    kept.shop AS shop,
    kept.order_id AS order_id,
    kept.country AS country,
    kept.channel AS channel,
    kept.discount_code AS discount_code,
    kept.discount_code IS NOT NULL OR coalesce(kept.discount, 0) > 0 AS has_discount,
    largest.product AS product,
    nullif(largest.category, '') AS category
FROM (
    SELECT customer_id, first_day, second_day, kept, list_sort(list_transform(
        list_filter(kept.lines, lambda line: coalesce(line.product, line.name) IS NOT NULL),
        lambda line: struct_pack(
            less := -coalesce(line.amount, 0),
            product := coalesce(line.product, line.name),
            category := coalesce(line.category, '')
        )
    ))[1] AS largest
    FROM (
        SELECT customer_id, any_value(first_day) AS first_day, any_value(second_day) AS second_day, arg_min(
            struct_pack(
                shop := shop, order_id := order_id, country := country, channel := channel, discount := discount,
                discount_code := discount_code, lines := lines
            ),
            struct_pack(ordered_at := ordered_at, seq := seq, order_id := order_id)
        ) AS kept
        FROM derived.orders
        JOIN (
            SELECT customer_id, any_value(first_day) AS first_day, max(day) FILTER (n = 2) AS second_day
            FROM derived.sale_days WHERE n <= 2 AND customer_id > 0
            GROUP BY customer_id
        ) AS began USING (customer_id)
        WHERE day = first_day
        GROUP BY customer_id
    )
)

-- name: customer_products
-- What each identified customer bought of each product: its number, or its name where it has none. Amounts are in the
-- shop's currency; second_day is the next day after first_day on which it was bought. Of products in the first order
-- next_day is the customer's second order day, whatever was bought then.
SELECT
    customer_id,
    product,
    min(day) AS first_day,
    min(day, 2)[2] AS second_day,
    max(day) AS last_day,
    count(*)::INTEGER AS order_days,
    sum(quantity)::DECIMAL(18, 4) AS quantity,
    sum(amount)::DECIMAL(18, 4) AS amount,
    bool_or(in_first_order) AS in_first_order,
    max(next_day) AS next_day,
    max(name) AS name
FROM (
    SELECT
        customer_id,
        coalesce(line.product, line.name) AS product,
        day,
        sum(line.quantity) AS quantity,
        sum((line.amount * rate)::DECIMAL(18, 4)) AS amount,
        bool_or(is_first) AS in_first_order,
        max(next_day) FILTER (is_first) AS next_day,
        max(line.name) AS name
    FROM (
        SELECT orders.customer_id, day, rate, unnest(lines) AS line, began.second_day AS next_day,
            orders.order_id = began.order_id AND orders.shop = began.shop AS is_first
        FROM derived.orders AS orders
        JOIN derived.first_orders AS began USING (customer_id)
        WHERE len(lines) > 0
    )
    WHERE coalesce(line.product, line.name) IS NOT NULL
    GROUP BY customer_id, coalesce(line.product, line.name), day
)
GROUP BY customer_id, product
