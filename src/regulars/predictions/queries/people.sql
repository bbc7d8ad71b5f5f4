-- name: rfm_of
-- Every customer's marks in recency and frequency, as in rfm, and the segment of both; laid out once.
CREATE OR REPLACE TEMP TABLE rfm_of AS
WITH total AS (
    SELECT count(*) AS n FROM lives
), recency AS (
    SELECT
        first_day + last_age AS last_day,
        (5 * (sum(count(*)) OVER (ORDER BY first_day + last_age) - count(*)) // (SELECT n FROM total) + 1)::INTEGER AS r
    FROM lives GROUP BY last_day
), frequency AS (
    SELECT
        order_days,
        (5 * (sum(count(*)) OVER (ORDER BY order_days) - count(*)) // (SELECT n FROM total) + 1)::INTEGER AS f
    FROM lives GROUP BY order_days
)
SELECT customer_id, segment
FROM lives
JOIN recency ON recency.last_day = lives.first_day + lives.last_age
JOIN frequency ON frequency.order_days = lives.order_days
JOIN (VALUES $grid) AS grid(r, f, segment) ON grid.r = recency.r AND grid.f = frequency.f

-- name: late_of
-- The customers of $people, who are late; laid out once.
CREATE OR REPLACE TEMP TABLE late_of AS SELECT unnest($people::BIGINT[]) AS customer_id

-- name: one_life
-- One customer's life: order days, days from the first to the last, days since the first, gross of all and of repeat days.
SELECT
    order_days - 1 AS frequency,
    last_age AS recency,
    ($as_of::DATE - first_day)::INTEGER AS T,
    coalesce(repeat_gross::DOUBLE / nullif(order_days - 1, 0), 0) AS mean_value
FROM lives WHERE customer_id = $customer

-- name: segment_of
-- One customer's segment.
SELECT segment FROM rfm_of WHERE customer_id = $customer

-- name: net_values
-- What each customer with an order has spent, net, counted in the steps of $bounds; the last step has no upper bound.
SELECT place, count(*) AS customers, sum(net)::DECIMAL(38, 4) AS net
FROM (
    SELECT net, len(list_filter($bounds::DECIMAL(18, 4)[], lambda bound: net >= bound)) AS place FROM customer_sum
)
GROUP BY place
ORDER BY place

-- name: net_quantiles
-- The net value that a tenth, a quarter, … of the customers stay below.
SELECT unnest(quantile_disc(net, [0.1, 0.25, 0.5, 0.75, 0.9, 0.99])) FROM customer_sum

-- name: top_shares
-- How much the best customers bring: for each share of the customers (at least one of them), their share of the net value, NULL
-- where refunds took it all.
WITH heights AS (
    SELECT
        net,
        sum(count(*)) OVER (ORDER BY net DESC) AS up_to,
        sum(sum(net)) OVER (ORDER BY net DESC) AS brought
    FROM customer_sum
    GROUP BY net
), shares AS (
    SELECT share, greatest(1, floor(n * share))::BIGINT AS many, total
    FROM (SELECT count(*) AS n, sum(net)::DOUBLE AS total FROM customer_sum),
        (SELECT unnest([0.01, 0.05, 0.1, 0.2, 0.5]) AS share)
)
SELECT share, (brought - (up_to - many) * net)::DOUBLE / nullif(greatest(total, 0), 0) AS brought
FROM shares ASOF JOIN heights ON many <= up_to
ORDER BY share
