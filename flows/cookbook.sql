-- The SQL cookbook: questions that people ask of the scores, each with one query that runs on
-- SQLite and on PostgreSQL. `name` is the address in the explorer; `param` lines give a value
-- to try, a `plot` line draws a chart in the explorer. docs/sql.md shows every query with its output.

-- name: riskiest-now
-- ask: Which pairs stand highest now?
-- plot: bar dyad:nominal prob:quantitative
SELECT dyad, level, prob, prob_low, prob_high, change_7d, top_driver
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30
ORDER BY prob DESC, dyad
LIMIT 10;

-- name: one-pair
-- ask: How does one pair stand, for every outcome and horizon?
-- param: dyad = COL-USA
SELECT outcome, horizon_days, as_of_date, level, prob, prob_low, prob_high, tension, coverage
FROM latest_risk
WHERE dyad = :dyad
ORDER BY outcome, horizon_days;

-- name: pair-history
-- ask: How did a pair's risk develop over the last two weeks?
-- param: dyad = COL-USA
-- plot: line as_of_date:temporal prob:quantitative
SELECT as_of_date, level, prob, change_1d, tension
FROM risk_history
WHERE dyad = :dyad AND outcome = 'force' AND horizon_days = 30
ORDER BY as_of_date DESC
LIMIT 14;

-- name: risers
-- ask: Which pairs rose most this week, and why?
-- plot: bar dyad:nominal change_7d:quantitative
SELECT dyad, level_7d_ago, level, prob, change_7d, top_driver
FROM risk_movers
WHERE outcome = 'force' AND horizon_days = 30 AND change_7d > 0
ORDER BY change_7d DESC, dyad
LIMIT 10;

-- name: level-changes
-- ask: Which pairs changed their level since last week?
SELECT dyad, level_7d_ago, level, prob, change_7d
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30 AND level <> level_7d_ago
ORDER BY prob DESC, dyad;

-- name: evidence
-- ask: Which sentences stand behind one score?
-- param: dyad = COL-USA
-- param: as_of_date = 2026-03-29
SELECT rank, published_at, outlet, source_iso3, target_iso3, plover_event, sentence, url
FROM risk_evidence
WHERE dyad = :dyad AND as_of_date = :as_of_date AND outcome = 'force' AND horizon_days = 30
ORDER BY rank;

-- name: true-after-level
-- ask: How often was each level followed by a use of force?
-- plot: bar level:nominal happened_share:quantitative
SELECT s.level, COUNT(*) AS score_count,
       SUM(CASE WHEN o.happened THEN 1 ELSE 0 END) AS happened_count,
       AVG(CASE WHEN o.happened THEN 1.0 ELSE 0.0 END) AS happened_share,
       AVG(s.prob) AS prob_mean
FROM out_score_outcome o
JOIN out_risk_score s
  ON s.dyad = o.dyad AND s.outcome = o.outcome AND s.horizon_days = o.horizon_days
 AND s.as_of_date = o.as_of_date AND s.classifier_version = o.classifier_version
WHERE o.outcome = 'force' AND o.horizon_days = 30
GROUP BY s.level
ORDER BY prob_mean DESC;

-- name: calibration
-- ask: Did one in ten of the 10 % forecasts come true?
-- plot: circle prob_mean:quantitative happened_share:quantitative
SELECT CASE WHEN s.prob < 0.02 THEN '1: under 2 %' WHEN s.prob < 0.05 THEN '2: 2 to 5 %'
            WHEN s.prob < 0.1 THEN '3: 5 to 10 %' WHEN s.prob < 0.3 THEN '4: 10 to 30 %'
            ELSE '5: over 30 %' END AS forecast,
       COUNT(*) AS score_count, AVG(s.prob) AS prob_mean,
       AVG(CASE WHEN o.happened THEN 1.0 ELSE 0.0 END) AS happened_share
FROM out_score_outcome o
JOIN out_risk_score s
  ON s.dyad = o.dyad AND s.outcome = o.outcome AND s.horizon_days = o.horizon_days
 AND s.as_of_date = o.as_of_date AND s.classifier_version = o.classifier_version
WHERE o.outcome = 'force' AND o.horizon_days = 30
GROUP BY 1
ORDER BY 1;

-- name: track-record
-- ask: How right were the scores, month by month, against always saying the base rate?
-- plot: line month:temporal brier_skill:quantitative
SELECT month, score_count, happened_count, brier, brier_climatology, brier_skill,
       hit_count, miss_count, false_alarm_count
FROM track_record
WHERE outcome = 'force' AND horizon_days = 30
ORDER BY month DESC;

-- name: one-country
-- ask: With whom does one country stand worst?
-- param: country = USA
-- plot: bar partner:nominal prob:quantitative
SELECT CASE WHEN country_a_iso3 = :country THEN country_b_iso3 ELSE country_a_iso3 END AS partner,
       level, prob, change_7d, tension
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30
  AND (country_a_iso3 = :country OR country_b_iso3 = :country)
ORDER BY prob DESC, partner;

-- name: regional-matrix
-- ask: How do the countries of one region stand with each other?
-- param: countries = COL,VEN,USA,BRA,ECU,PER
SELECT country_a_iso3, country_b_iso3, level, prob, change_7d
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30
  AND ',' || :countries || ',' LIKE '%,' || country_a_iso3 || ',%'
  AND ',' || :countries || ',' LIKE '%,' || country_b_iso3 || ',%'
ORDER BY prob DESC, country_a_iso3, country_b_iso3;

-- name: suppliers
-- ask: How do my supplier countries stand with mine?
-- param: home = USA
-- param: suppliers = COL,VEN,CHN,MEX
-- plot: bar supplier:nominal prob:quantitative
SELECT CASE WHEN country_a_iso3 = :home THEN country_b_iso3 ELSE country_a_iso3 END AS supplier,
       level, prob, prob_high, change_7d, top_driver
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30
  AND ((country_a_iso3 = :home
        AND ',' || :suppliers || ',' LIKE '%,' || country_b_iso3 || ',%')
    OR (country_b_iso3 = :home
        AND ',' || :suppliers || ',' LIKE '%,' || country_a_iso3 || ',%'))
ORDER BY prob DESC, supplier;

-- name: highest-by-country
-- ask: What is the highest pair of each country?
SELECT t.country, t.partner, t.level, t.prob
FROM (
    SELECT c.country, c.partner, c.level, c.prob,
           ROW_NUMBER() OVER (PARTITION BY c.country ORDER BY c.prob DESC, c.partner) AS place
    FROM (
        SELECT country_a_iso3 AS country, country_b_iso3 AS partner, level, prob
        FROM latest_risk WHERE outcome = 'force' AND horizon_days = 30
        UNION ALL
        SELECT country_b_iso3, country_a_iso3, level, prob
        FROM latest_risk WHERE outcome = 'force' AND horizon_days = 30
    ) c
) t
WHERE t.place = 1
ORDER BY t.prob DESC, t.country
LIMIT 15;

-- name: jumps
-- ask: When did a pair's risk jump most in a day?
-- param: dyad = COL-USA
SELECT as_of_date, prob, change_1d, level_1d_ago, level, top_driver
FROM risk_history
WHERE dyad = :dyad AND outcome = 'force' AND horizon_days = 30 AND change_1d IS NOT NULL
ORDER BY ABS(change_1d) DESC, as_of_date DESC
LIMIT 5;

-- name: least-known
-- ask: Where is the score least certain?
SELECT dyad, level, prob, prob_low, prob_high, prob_high - prob_low AS interval_width, coverage
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30
ORDER BY interval_width DESC, dyad
LIMIT 10;

-- name: hostile-but-quiet
-- ask: Which pairs exchange hostile words while force stays unlikely?
SELECT dyad, tension, level, prob
FROM latest_risk
WHERE outcome = 'force' AND horizon_days = 30 AND tension < 0 AND prob < 0.1
ORDER BY tension, dyad
LIMIT 10;

-- name: force-or-escalation
-- ask: Where would force be new rather than more of the same?
-- plot: circle force_prob:quantitative escalation_prob:quantitative
SELECT f.dyad, f.prob AS force_prob, e.prob AS escalation_prob, e.level AS escalation_level
FROM latest_risk f
JOIN latest_risk e ON e.dyad = f.dyad AND e.outcome = 'escalation' AND e.horizon_days = 30
WHERE f.outcome = 'force' AND f.horizon_days = 30
ORDER BY e.prob DESC, f.dyad
LIMIT 10;

-- name: who-did-what
-- ask: Who did what to whom between two countries?
-- param: dyad = COL-USA
SELECT source_iso3, target_iso3, plover_event, COUNT(DISTINCT story_id) AS story_count,
       MIN(day) AS first_day, MAX(day) AS last_day, AVG(goldstein) AS goldstein_mean
FROM event_list
WHERE dyad = :dyad AND modality IN ('asserted', 'planned')
GROUP BY source_iso3, target_iso3, plover_event
ORDER BY story_count DESC, source_iso3, plover_event;

-- name: recent-threats
-- ask: Which threats were made since a day?
-- param: since = 2026-03-15
SELECT day, source_iso3, target_iso3, outlet, sentence
FROM event_list
WHERE plover_event = 'THREATEN' AND modality = 'asserted' AND day >= :since
ORDER BY day DESC, source_iso3, target_iso3, sentence
LIMIT 10;

-- name: outlets
-- ask: On which outlets does the picture of a pair rest?
-- param: dyad = COL-USA
SELECT outlet, COUNT(DISTINCT article_id) AS article_count, COUNT(*) AS event_count
FROM event_list
WHERE dyad = :dyad
GROUP BY outlet
ORDER BY article_count DESC, outlet;

-- name: pair-days
-- ask: What was counted for a pair, day by day?
-- param: dyad = COL-USA
-- plot: line day:temporal mention_count:quantitative
SELECT day, mention_count, event_ab_count, event_ba_count,
       quad3_ab_count + quad3_ba_count AS verbal_conflict_count,
       quad4_ab_count + quad4_ba_count AS material_conflict_count
FROM pair_days
WHERE dyad = :dyad
ORDER BY day DESC
LIMIT 10;

-- name: common-stories
-- ask: Which stories ran in the most outlets?
SELECT title, article_count, outlet_count, first_published_at
FROM story_list
ORDER BY outlet_count DESC, first_published_at DESC, story_id
LIMIT 5;

-- name: ill-sources
-- ask: Which sources are stale or failing?
SELECT source_id, outlet, state, failure_count, article_count, last_error
FROM source_health
WHERE state <> 'ok'
ORDER BY source_id;

-- name: refused
-- ask: What was refused, and why?
SELECT reason, COUNT(*) AS reject_count, MIN(detail) AS example
FROM raw_reject
WHERE NOT is_resolved
GROUP BY reason
ORDER BY reject_count DESC, reason;

-- name: provenance
-- ask: Which run and which classifier made a score?
-- param: dyad = COL-USA
SELECT s.as_of_date, s.classifier_version, c.status, c.trained_at, c.data_digest, s.run_id
FROM latest_risk s
JOIN out_classifier c
  ON c.classifier_version = s.classifier_version
 AND c.outcome = s.outcome AND c.horizon_days = s.horizon_days
WHERE s.dyad = :dyad AND s.outcome = 'force' AND s.horizon_days = 30;
