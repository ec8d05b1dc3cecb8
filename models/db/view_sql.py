"""The text of the views. ``$tokens`` are the few places where the two databases differ."""

from __future__ import annotations

from string import Template
from typing import Final

from features.errors import ConfigError
from features.registry import DYAD_DAY_COLUMNS

# A score is published when its classifier is champion, or was before it retired;
# of several versions for one day the champion counts, else the one trained last.
_PUBLISHED: Final = """
    c.status <> 'challenger'
    AND NOT EXISTS (
        SELECT 1
        FROM out_risk_score o
        JOIN out_classifier oc
          ON oc.classifier_version = o.classifier_version
         AND oc.outcome = o.outcome AND oc.horizon_days = o.horizon_days
        WHERE o.dyad = s.dyad AND o.outcome = s.outcome
          AND o.horizon_days = s.horizon_days AND o.as_of_date = s.as_of_date
          AND o.classifier_version <> s.classifier_version
          AND oc.status <> 'challenger'
          AND (CASE oc.status WHEN 'champion' THEN 1 ELSE 0 END,
               COALESCE(oc.trained_at, oc.registered_at), oc.classifier_version)
            > (CASE c.status WHEN 'champion' THEN 1 ELSE 0 END,
               COALESCE(c.trained_at, c.registered_at), c.classifier_version)
    )
"""
# ``$key`` is the row that holds pair, outcome and horizon: a condition on it is met before
# any score is read.
_SCORE_COLUMNS: Final = """
    $key.dyad, s.country_a_iso3, s.country_b_iso3, s.as_of_date, $key.outcome, $key.horizon_days,
    s.prob, s.prob_low, s.prob_high, s.level,
    s.prob - d1.prob AS change_1d, s.prob - d7.prob AS change_7d,
    d1.level AS level_1d_ago, d7.level AS level_7d_ago,
    $top_driver AS top_driver,
    s.tension, s.coverage, s.classifier_version
"""
_EARLIER: Final = """
LEFT JOIN out_risk_score d1
  ON d1.dyad = $key.dyad AND d1.outcome = $key.outcome AND d1.horizon_days = $key.horizon_days
 AND d1.classifier_version = s.classifier_version AND d1.as_of_date = $day_before
LEFT JOIN out_risk_score d7
  ON d7.dyad = $key.dyad AND d7.outcome = $key.outcome AND d7.horizon_days = $key.horizon_days
 AND d7.classifier_version = s.classifier_version AND d7.as_of_date = $week_before
"""
_LATEST_FROM: Final = """
FROM out_risk_series k
JOIN out_classifier c
  ON c.outcome = k.outcome AND c.horizon_days = k.horizon_days AND c.status = 'champion'
$join_newest
"""
# One step down the key's index for each pair, on either database. PostgreSQL would run
# the subquery once a score; SQLite knows no LATERAL, and its CROSS JOIN keeps the order
# of the tables also where no statistics were gathered.
_JOIN_NEWEST: Final = {
    "sqlite": """CROSS JOIN out_risk_score s
  ON s.dyad = k.dyad AND s.outcome = k.outcome AND s.horizon_days = k.horizon_days
 AND s.classifier_version = c.classifier_version
 AND s.as_of_date = (
    SELECT MAX(m.as_of_date)
    FROM out_risk_score m
    WHERE m.dyad = k.dyad AND m.outcome = k.outcome AND m.horizon_days = k.horizon_days
      AND m.classifier_version = c.classifier_version
 )""",
    "postgresql": """JOIN LATERAL (
    SELECT m.*
    FROM out_risk_score m
    WHERE m.dyad = k.dyad AND m.outcome = k.outcome AND m.horizon_days = k.horizon_days
      AND m.classifier_version = c.classifier_version
    ORDER BY m.as_of_date DESC
    LIMIT 1
 ) s ON true""",
}
_DEFAULT_FIRST: Final = (
    "CASE WHEN $key.outcome = 'force' AND $key.horizon_days = 30 THEN 0 ELSE 1 END,"
    " $key.outcome, $key.horizon_days"
)
_PUBLISHED_FROM: Final = """
FROM out_risk_score s
JOIN out_classifier c
  ON c.classifier_version = s.classifier_version
 AND c.outcome = s.outcome AND c.horizon_days = s.horizon_days
"""

_PAIR_DAY_VALUES: Final = ",\n    ".join(
    f"{'MIN' if name.startswith('goldstein') else 'MAX'}(d.{name}) AS {name}"
    for name in DYAD_DAY_COLUMNS
    if not name.startswith("goldstein_sum")
)

VIEW_TEXTS: Final = {
    "latest_risk": f"""
SELECT {_SCORE_COLUMNS}, s.drivers, s.run_id, s.scored_at
{_LATEST_FROM}
{_EARLIER}
ORDER BY {_DEFAULT_FIRST}, s.prob DESC, $key.dyad
""",
    "risk_history": f"""
SELECT {_SCORE_COLUMNS}, c.status AS classifier_status, s.drivers, s.run_id, s.scored_at
{_PUBLISHED_FROM}
{_EARLIER}
WHERE {_PUBLISHED}
ORDER BY {_DEFAULT_FIRST}, s.dyad, s.as_of_date DESC
""",
    "risk_movers": f"""
SELECT {_SCORE_COLUMNS}
{_LATEST_FROM}
{_EARLIER}
WHERE d1.prob IS NOT NULL OR d7.prob IS NOT NULL
ORDER BY {_DEFAULT_FIRST}, ABS(s.prob - COALESCE(d7.prob, d1.prob)) DESC, $key.dyad
""",
    "risk_evidence": f"""
SELECT
    s.dyad, s.as_of_date, s.outcome, s.horizon_days, e.rank, e.sentence, e.outlet, e.url,
    e.published_at, e.weight, v.source_iso3, v.target_iso3, v.plover_event, v.modality,
    s.prob, s.level, e.event_id, s.classifier_version
{_PUBLISHED_FROM}
JOIN out_score_evidence e
  ON e.dyad = s.dyad AND e.outcome = s.outcome AND e.horizon_days = s.horizon_days
 AND e.as_of_date = s.as_of_date AND e.classifier_version = s.classifier_version
LEFT JOIN core_event v ON v.event_id = e.event_id
WHERE {_PUBLISHED}
ORDER BY {_DEFAULT_FIRST}, s.dyad, s.as_of_date DESC, e.rank
""",
    "source_health": """
SELECT h.*,
    CASE
        WHEN h.failure_count >= 3 THEN 'failing'
        WHEN h.last_success_at IS NULL THEN 'never read'
        WHEN h.article_age_hours
             > CASE WHEN 3 * COALESCE(h.typical_gap_hours, 24) > 24
                    THEN 3 * COALESCE(h.typical_gap_hours, 24) ELSE 24 END THEN 'stale'
        WHEN h.failure_count > 0 THEN 'shaky'
        ELSE 'ok'
    END AS state
FROM (
    SELECT
        r.source_id, r.outlet, r.kind, r.country_iso3, r.language, r.url,
        r.article_count, r.reject_count, r.failure_count, r.latency_seconds,
        r.last_success_at, r.last_article_at, r.typical_gap_hours,
        $article_age_hours AS article_age_hours, r.last_error
    FROM raw_source r
) h
ORDER BY h.failure_count DESC, h.source_id
""",
    "track_record": """
SELECT
    t.month, t.outcome, t.horizon_days, t.classifier_version, c.status AS classifier_status,
    t.pair_count, t.score_count, t.happened_count, t.prob_mean, t.happened_share,
    t.brier, t.brier_climatology,
    1 - t.brier / NULLIF(t.brier_climatology, 0) AS brier_skill,
    t.calibration_error, t.calibration_slope, t.alarm_level,
    t.hit_count, t.miss_count, t.false_alarm_count, t.correct_quiet_count,
    CAST(t.hit_count AS $real) / NULLIF(t.hit_count + t.miss_count, 0) AS hit_share,
    CAST(t.hit_count AS $real) / NULLIF(t.hit_count + t.false_alarm_count, 0) AS precision_share
FROM out_track_record t
LEFT JOIN out_classifier c
  ON c.classifier_version = t.classifier_version
 AND c.outcome = t.outcome AND c.horizon_days = t.horizon_days
ORDER BY t.outcome, t.horizon_days, t.classifier_version, t.month DESC
""",
    "event_list": """
SELECT
    v.day, v.dyad, v.source_iso3, v.target_iso3, v.plover_event, v.quad_class, v.goldstein,
    v.families, v.modality, v.confidence, v.source_actor, v.target_actor, v.trigger,
    v.sentence, a.outlet, a.title, a.url, v.published_at, v.event_date, v.story_id,
    v.article_id, v.event_id, v.corpus, v.extractor_version
FROM core_event v
LEFT JOIN raw_article a ON a.article_id = v.article_id
ORDER BY v.day DESC, v.dyad, v.story_id, v.article_id, v.sentence_index
""",
    "story_list": """
SELECT
    g.story_id, t.title, g.article_count, g.outlet_count, g.first_published_at,
    g.last_published_at
FROM (
    SELECT
        a.story_id, COUNT(*) AS article_count, COUNT(DISTINCT a.outlet) AS outlet_count,
        MIN(a.published_at) AS first_published_at, MAX(a.published_at) AS last_published_at
    FROM raw_article a
    GROUP BY a.story_id
) g
LEFT JOIN raw_article t ON t.article_id = g.story_id
ORDER BY g.last_published_at DESC, g.story_id
""",
    "pair_days": f"""
SELECT d.dyad, d.day, d.extractor_version,
    {_PAIR_DAY_VALUES}
FROM core_dyad_day d
WHERE d.corpus IN ('portal', 'news')
GROUP BY d.dyad, d.day, d.extractor_version
ORDER BY d.dyad, d.day DESC, d.extractor_version
""",  # noqa: S608 column names of the registry only
}

_TOKENS: Final = {
    "sqlite": {
        "join_newest": _JOIN_NEWEST["sqlite"],
        "day_before": "date(s.as_of_date, '-1 day')",
        "week_before": "date(s.as_of_date, '-7 day')",
        "top_driver": "json_extract(s.drivers, '$$[0].words')",
        "article_age_hours": "(julianday('now') - julianday(r.last_article_at)) * 24.0",
        "real": "REAL",
    },
    "postgresql": {
        "join_newest": _JOIN_NEWEST["postgresql"],
        "day_before": "s.as_of_date - 1",
        "week_before": "s.as_of_date - 7",
        "top_driver": "(s.drivers::json -> 0 ->> 'words')",
        "article_age_hours": "(EXTRACT(EPOCH FROM now() - r.last_article_at)"
        " / 3600.0)::double precision",
        "real": "DOUBLE PRECISION",
    },
}


def render_view(name: str, dialect: str) -> str:
    """Return the SELECT of a view for one database.

    Args:
        name: name of the view.
        dialect: ``"sqlite"`` or ``"postgresql"``.

    Raises:
        ConfigError: another database.
    """
    if dialect not in _TOKENS:
        raise ConfigError(f"expected sqlite or postgresql, got {dialect!r}")
    tokens = {key: text.replace("$$", "$") for key, text in _TOKENS[dialect].items()}
    tokens["key"] = "k" if "$join_newest" in VIEW_TEXTS[name] else "s"
    return Template(VIEW_TEXTS[name]).substitute(tokens).strip()
