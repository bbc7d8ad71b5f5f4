-- name: became
-- What became of the messages of one campaign, by kind and, of those refused, by reason; people and not events are counted.
SELECT 'sent' AS kind, NULL AS reason, count(DISTINCT message_key) AS n FROM message_sent WHERE campaign = $campaign
UNION ALL SELECT 'failed', NULL, count(DISTINCT message_key) FROM message_failed WHERE campaign = $campaign
UNION ALL SELECT 'bounced', NULL, count(DISTINCT message_key) FROM message_bounced WHERE campaign = $campaign AND bounce <> 'soft'
UNION ALL SELECT 'left', NULL, count(DISTINCT message_key) FROM message_unsubscribed WHERE campaign = $campaign
UNION ALL SELECT 'complained', NULL, count(DISTINCT message_key) FROM message_complained WHERE campaign = $campaign
UNION ALL SELECT 'clicked', NULL, count(DISTINCT message_key) FROM message_clicked WHERE campaign = $campaign AND NOT is_machine
UNION ALL SELECT 'refused', reason, count(DISTINCT message_key) FROM message_refused WHERE campaign = $campaign GROUP BY reason

-- name: arms_by_clicks
-- Of those exposed to each arm, how many followed a link of the campaign themselves.
WITH exposed AS (
    SELECT customer_id, arg_min(arm, seq) AS arm FROM experiment_exposed
    WHERE experiment = $campaign AND decision_point = $turn AND customer_id > 0 GROUP BY customer_id
), did AS (
    SELECT DISTINCT customer_id FROM message_clicked WHERE campaign = $campaign AND NOT is_machine
)
SELECT arm, count(*) AS n, count(did.customer_id) AS positives FROM exposed LEFT JOIN did USING (customer_id) GROUP BY arm

-- name: arms_by_orders
-- Of those exposed to each arm, how many ordered after that.
WITH exposed AS (
    SELECT customer_id, arg_min(arm, seq) AS arm, min(occurred_at) AS at FROM experiment_exposed
    WHERE experiment = $campaign AND decision_point = $turn AND customer_id > 0 GROUP BY customer_id
), did AS (
    SELECT DISTINCT exposed.customer_id FROM exposed JOIN orders USING (customer_id) WHERE orders.ordered_at > exposed.at
)
SELECT arm, count(*) AS n, count(did.customer_id) AS positives FROM exposed LEFT JOIN did USING (customer_id) GROUP BY arm
