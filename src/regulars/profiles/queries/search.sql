-- name: customers_called
-- Customers whose name holds the text, in any case and with or without accents, those who spent the most first.
SELECT customer_id FROM customers
WHERE contains(strip_accents(lower(first_name || ' ' || last_name)), strip_accents(lower($text)))
ORDER BY net DESC, customer_id
LIMIT $limit

-- name: customers_of_order
-- The customer of an order, by the order's number as the shop writes it, with or without its leading sign.
SELECT coalesce(merged.customer_id, placed.customer_id) AS customer_id, min(placed.order_id)
FROM order_placed AS placed LEFT JOIN merged ON merged.merged_id = placed.customer_id
WHERE placed.order_id IN ($order, '#' || $order, ltrim($order, '#')) AND placed.customer_id > 0
GROUP BY 1
ORDER BY max(placed.order_id = $order) DESC, 1
LIMIT $limit

-- name: identifiers_of
-- Every identifier of a customer and of those merged into it.
SELECT identifier FROM customer_identified
SEMI JOIN (
    SELECT $customer::BIGINT AS customer_id UNION SELECT merged_id FROM merged WHERE customer_id = $customer
) AS mine USING (customer_id)
ORDER BY seq
