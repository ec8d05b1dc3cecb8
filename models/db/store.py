"""The one door to the store: every function that reads or writes, re-exported.

``bind`` is an engine (own transaction) or a connection (the caller's transaction, from
``writing(engine)`` or ``exclusive(engine, name)``). Rows are dicts by column name; writers
return the count of rows really inserted, changed or removed, and leave equal rows untouched.

Opening (models.db.session, models.db.migrate)
    open_store(url, *, read_only=False) -> Engine
    upgrade(engine, revision="head") -> bool          # call once before first use
    downgrade(engine, revision="base"); check(engine) -> list[str]; current_revision(engine)
    writing(bind), reading(bind), exclusive(engine, name)   # context managers -> Connection
    vacuum(engine); session_factory(engine) -> sessionmaker[Session]

Converters (models.db.convert)
    article_row(article, source_id=None); reject_row(reject, source_id=None)
    event_row(event, extractor_version, published_at, story_id, corpus="news", cameo_code=None)
    event_key(event, extractor_version) -> str

Articles and rejects
    upsert_articles(bind, articles, run_id) -> int     # Article values or rows
    read_articles(bind, article_ids=None, *, since, until, source_id) -> list[dict]
    read_content_hashes(bind, article_ids) -> dict[id, hash]
    read_stories(bind, *, since, until) -> list[dict]; set_stories(bind, {id: story}, run_id)
    needs_extraction(bind, extractor_version, *, since, until) -> list[article_id]
    drop_text(bind, older_than, run_id) -> int; delete_articles(bind, article_ids) -> int
    upsert_rejects(bind, rejects, run_id) -> int       # Reject values or rows
    read_rejects(bind, *, reason, source_id, is_resolved, run_id); count_rejects(bind)
    resolve_rejects(bind, reject_ids, run_id) -> int
    upsert_sources(bind, rows, run_id); read_sources(bind, *, kind); read_source(bind, source_id)
    read_source_health(bind) -> list[dict]

Events
    store_extraction(bind, extractor_version, extractions, events, run_id) -> int  # both at once
    replace_events(bind, article_ids, extractor_version, events, run_id) -> int
    upsert_events(bind, rows, run_id); upsert_extractions(bind, rows, run_id)
    read_events(bind, *, dyad, since, until, extractor_version, corpus, article_ids)
    read_event_days(bind, extractor_version, article_ids) -> list[date]
    read_extractions(bind, extractor_version, *, article_ids)
    read_story_countries(bind, extractor_version, *, since, until)

Daily counts (frames out: dyad, day, corpus + registry columns)
    upsert_dyad_days(bind, rows | frame, run_id); upsert_day_volumes(bind, rows | frame, run_id)
    replace_dyad_days(bind, days, extractor_version, corpus, rows, run_id) -> int
    read_dyad_days(bind, *, dyads, since, until, extractor_version, corpora) -> DataFrame
    read_day_volumes(bind, *, since, until, extractor_version, corpora) -> DataFrame
    count_dyad_days(bind, corpus=None) -> int
    stale_days(bind, extractor_version, corpus) -> list[date]   # to aggregate anew
    mark_stale(bind, days, extractor_version, corpus)

Scores (register the classifier as champion, else the views stay empty)
    upsert_scores(bind, rows, run_id); upsert_evidence(bind, rows, run_id)
    replace_evidence(bind, scores, evidence, run_id) -> int
    read_scores(bind, *, dyad, since, until, outcome, horizon_days, classifier_version)
    read_scored_days(bind, *, since, until) -> list[date]
    read_latest(bind, *, dyad, outcome, horizon_days, limit)
    read_day(bind, as_of_date, *, dyad, outcome, horizon_days, limit)
    read_history(bind, dyad, *, outcome, horizon_days)
    read_movers(bind, *, as_of_date, change_days, outcome, horizon_days, limit)
    read_evidence(bind, dyad, *, as_of_date, outcome, horizon_days, limit)

Registry, outcomes, drift, alerts
    upsert_classifiers(bind, rows, run_id); read_classifiers(bind, *, status, outcome, ...)
    read_champion(bind, outcome, horizon_days) -> dict | None
    promote_classifier(bind, classifier_version, outcome, horizon_days, run_id) -> int
    upsert_score_outcomes(bind, rows, run_id); upsert_track_record(bind, rows, run_id)
    read_scores_to_verify(bind, outcome, horizon_days, scored_before) -> list[dict]
    read_verified_scores(bind, *, classifier_version, outcome, horizon_days, since, until)
    read_track_record(bind, *, classifier_version, outcome, horizon_days)
    upsert_drift(bind, rows, run_id); read_drift(bind, *, as_of_date, classifier_version)
    add_alerts(bind, rows, run_id) -> list[dict]       # only the new ones; alert_key(row)
    upsert_alerts, mark_delivered(bind, keys, channels, delivered_at, run_id), read_alerts

Whole store (models.db.describe, models.db.digest)
    content_digest(bind) -> dict[table, (row_count, sha256)]
    count_rows(bind) -> dict[table, int]
    describe_columns() -> list[dict]; view_grants(role) -> list[str]
"""

from __future__ import annotations

from models.db.alerts import (
    AlertKey,
    add_alerts,
    alert_key,
    mark_delivered,
    read_alerts,
    upsert_alerts,
)
from models.db.articles import (
    delete_articles,
    drop_text,
    needs_extraction,
    read_articles,
    read_content_hashes,
    read_stories,
    set_stories,
    upsert_articles,
)
from models.db.convert import article_row, event_key, event_row, reject_row
from models.db.describe import describe_columns, view_grants
from models.db.digest import content_digest, count_rows
from models.db.drift import read_drift, upsert_drift
from models.db.dyad_days import (
    count_dyad_days,
    read_day_volumes,
    read_dyad_days,
    replace_dyad_days,
    upsert_day_volumes,
    upsert_dyad_days,
)
from models.db.events import (
    read_event_days,
    read_events,
    read_extractions,
    read_story_countries,
    replace_events,
    store_extraction,
    upsert_events,
    upsert_extractions,
)
from models.db.migrate import check, current_revision, downgrade, upgrade
from models.db.outcomes import (
    read_scores_to_verify,
    read_track_record,
    read_verified_scores,
    upsert_score_outcomes,
    upsert_track_record,
)
from models.db.registry import (
    promote_classifier,
    read_champion,
    read_classifiers,
    upsert_classifiers,
)
from models.db.rejects import count_rejects, read_rejects, resolve_rejects, upsert_rejects
from models.db.scores import (
    DEFAULT_HORIZON_DAYS,
    DEFAULT_OUTCOME,
    read_day,
    read_evidence,
    read_history,
    read_latest,
    read_movers,
    read_scored_days,
    read_scores,
    replace_evidence,
    upsert_evidence,
    upsert_scores,
)
from models.db.session import exclusive, open_store, reading, session_factory, vacuum, writing
from models.db.sources import read_source, read_source_health, read_sources, upsert_sources
from models.db.staleness import mark_stale, stale_days

__all__ = [
    "DEFAULT_HORIZON_DAYS",
    "DEFAULT_OUTCOME",
    "AlertKey",
    "add_alerts",
    "alert_key",
    "article_row",
    "check",
    "content_digest",
    "count_dyad_days",
    "count_rejects",
    "count_rows",
    "current_revision",
    "delete_articles",
    "describe_columns",
    "downgrade",
    "drop_text",
    "event_key",
    "event_row",
    "exclusive",
    "mark_delivered",
    "mark_stale",
    "needs_extraction",
    "open_store",
    "promote_classifier",
    "read_alerts",
    "read_articles",
    "read_champion",
    "read_classifiers",
    "read_content_hashes",
    "read_day",
    "read_day_volumes",
    "read_drift",
    "read_dyad_days",
    "read_event_days",
    "read_events",
    "read_evidence",
    "read_extractions",
    "read_history",
    "read_latest",
    "read_movers",
    "read_rejects",
    "read_scored_days",
    "read_scores",
    "read_scores_to_verify",
    "read_source",
    "read_source_health",
    "read_sources",
    "read_stories",
    "read_story_countries",
    "read_track_record",
    "read_verified_scores",
    "reading",
    "reject_row",
    "replace_dyad_days",
    "replace_events",
    "replace_evidence",
    "resolve_rejects",
    "session_factory",
    "set_stories",
    "stale_days",
    "store_extraction",
    "upgrade",
    "upsert_alerts",
    "upsert_articles",
    "upsert_classifiers",
    "upsert_day_volumes",
    "upsert_drift",
    "upsert_dyad_days",
    "upsert_events",
    "upsert_evidence",
    "upsert_extractions",
    "upsert_rejects",
    "upsert_score_outcomes",
    "upsert_scores",
    "upsert_sources",
    "upsert_track_record",
    "vacuum",
    "view_grants",
    "writing",
]
