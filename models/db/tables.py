"""Every table of the store in one place; ``METADATA`` is the whole schema."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import MetaData, Table

from models.db.base import Base
from models.db.tables_check import (
    MetaView,
    OutAlert,
    OutClassifier,
    OutDrift,
    OutScoreOutcome,
    OutTrackRecord,
)
from models.db.tables_core import CoreDayVolume, CoreDyadDay, CoreEvent, CoreExtraction
from models.db.tables_out import LEVELS, SCORE_KEY, OutRiskScore, OutRiskSeries, OutScoreEvidence
from models.db.tables_raw import RawArticle, RawArticleVersion, RawReject, RawSource
from models.db.tables_story import MetaBatch, RawArticleBand

METADATA: Final[MetaData] = Base.metadata


def table_of(mapped: type[Base]) -> Table:
    """Return the table behind a mapped class."""
    return cast(Table, mapped.__table__)


RAW_ARTICLE: Final = table_of(RawArticle)
RAW_ARTICLE_VERSION: Final = table_of(RawArticleVersion)
RAW_ARTICLE_BAND: Final = table_of(RawArticleBand)
RAW_REJECT: Final = table_of(RawReject)
RAW_SOURCE: Final = table_of(RawSource)
CORE_EXTRACTION: Final = table_of(CoreExtraction)
CORE_EVENT: Final = table_of(CoreEvent)
CORE_DYAD_DAY: Final = table_of(CoreDyadDay)
CORE_DAY_VOLUME: Final = table_of(CoreDayVolume)
OUT_RISK_SERIES: Final = table_of(OutRiskSeries)
OUT_RISK_SCORE: Final = table_of(OutRiskScore)
OUT_SCORE_EVIDENCE: Final = table_of(OutScoreEvidence)
OUT_SCORE_OUTCOME: Final = table_of(OutScoreOutcome)
OUT_TRACK_RECORD: Final = table_of(OutTrackRecord)
OUT_CLASSIFIER: Final = table_of(OutClassifier)
OUT_DRIFT: Final = table_of(OutDrift)
OUT_ALERT: Final = table_of(OutAlert)
META_BATCH: Final = table_of(MetaBatch)
META_VIEW: Final = table_of(MetaView)

__all__ = [
    "CORE_DAY_VOLUME",
    "CORE_DYAD_DAY",
    "CORE_EVENT",
    "CORE_EXTRACTION",
    "LEVELS",
    "METADATA",
    "META_BATCH",
    "META_VIEW",
    "OUT_ALERT",
    "OUT_CLASSIFIER",
    "OUT_DRIFT",
    "OUT_RISK_SCORE",
    "OUT_RISK_SERIES",
    "OUT_SCORE_EVIDENCE",
    "OUT_SCORE_OUTCOME",
    "OUT_TRACK_RECORD",
    "RAW_ARTICLE",
    "RAW_ARTICLE_BAND",
    "RAW_ARTICLE_VERSION",
    "RAW_REJECT",
    "RAW_SOURCE",
    "SCORE_KEY",
    "table_of",
]
