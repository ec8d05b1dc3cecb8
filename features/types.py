"""Frozen values that travel between the stages. No behaviour beyond validation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from features.errors import DataError


@dataclass(frozen=True, slots=True, order=True)
class Dyad:
    """An undirected pair of country codes in alphabetical order.

    Example:
        >>> str(Dyad.of("USA", "COL"))
        'COL-USA'
    """

    a: str
    b: str

    def __post_init__(self) -> None:
        if not self.a < self.b:
            raise DataError(
                f"expected two different codes in alphabetical order, got {self.a!r}, {self.b!r};"
                " build pairs with Dyad.of(x, y)"
            )

    @classmethod
    def of(cls, x: str, y: str) -> Dyad:
        """Return the pair of two different codes, whatever their order."""
        return cls(*sorted((x, y)))

    @classmethod
    def parse(cls, text: str) -> Dyad:
        """Return the pair written as ``"COL-USA"`` (any order or case).

        Raises:
            DataError: the text is not two three-letter codes joined by a dash.
        """
        parts = text.strip().upper().split("-")
        if len(parts) != 2 or not all(len(p) == 3 and p.isalpha() for p in parts):
            raise DataError(f"expected a pair such as 'COL-USA', got {text!r}")
        return cls.of(*parts)

    def __str__(self) -> str:
        return f"{self.a}-{self.b}"


@dataclass(frozen=True, slots=True)
class DirectedDyad:
    """Who acts (source) on whom (target), both three-letter codes."""

    source: str
    target: str

    @property
    def dyad(self) -> Dyad:
        """Return the undirected pair."""
        return Dyad.of(self.source, self.target)


@dataclass(frozen=True, slots=True)
class RawItem:
    """One item as a source delivered it, before any cleaning.

    Args:
        origin: where it came from, unique within a run (path, URL, path#line).
        kind: ``"html"``, ``"text"`` or ``"record"`` (already structured).
        body: the page, the text or the record's text field.
        fetched_at: when it was read, UTC; no article may be dated after it.
        url, title, published, outlet, language: what the source says of it;
            ``published`` is unparsed text.
        record_id: the source's own id (a GUID or a JSONL id), if it has one.
    """

    origin: str
    kind: str
    body: str
    fetched_at: datetime
    url: str | None = None
    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    language: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned, dated news text.

    Args:
        article_id: hash of the canonical URL, or of the content where there is none.
        content_hash: hash of title and text; differs between versions of one URL.
        published_at: UTC; never later than the fetch.
        date_origin: ``"feed"``, ``"metadata"``, ``"url"``, ``"dateline"`` or ``"fetched"``.
        story_id: shared by near-duplicates; the article's own id until it is assigned.
    """

    article_id: str
    url: str | None
    outlet: str
    title: str
    text: str
    published_at: datetime
    date_origin: str
    language: str
    content_hash: str
    story_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Reject:
    """One refused item: what it was, why, and enough to try it again."""

    reject_id: str
    origin: str
    reason: str
    detail: str
    excerpt: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A span of text that stands for a country or an international body.

    Args:
        start, end: character offsets in the sentence, end exclusive.
        iso3: ISO 3166-1 alpha-3, or XKX, EUE, NAT, UNO.
        kind: ``name demonym capital seat leader minister force agency role pronoun nonstate``.
        sector: ``GOV`` (state and its officials), ``MIL``, ``CVL`` (people of the
            country), ``NSA`` (armed non-state group) or ``IGO``.
    """

    start: int
    end: int
    text: str
    iso3: str
    kind: str
    sector: str

    @property
    def is_state(self) -> bool:
        """Return whether the mention stands for the state itself."""
        return self.sector in ("GOV", "MIL", "IGO")


@dataclass(frozen=True, slots=True)
class Signal:
    """A lexicon hit of one family: offsets in the sentence and the entry's sense."""

    family: str
    sense: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom, as one sentence of one article says.

    Args:
        sentence_index: position of the sentence in the article, from 0; title is 0.
        start, end: offsets of the sentence in title, blank line, text.
        plover_event: PLOVER root such as ``"THREATEN"``.
        quad_class: 1 verbal cooperation, 2 material cooperation, 3 verbal
            conflict, 4 material conflict.
        goldstein: -10 (conflict) .. +10 (cooperation).
        families: interpretable families, sorted.
        modality: ``asserted planned hypothetical negated historical reported``.
        confidence: the coder's probability of the PLOVER event, 0..1.
        trigger: the words that carried the event.
        direction: the syntactic route that gave the direction, for explanation.
    """

    article_id: str
    sentence_index: int
    sentence: str
    start: int
    end: int
    source_iso3: str
    target_iso3: str
    source_actor: str
    target_actor: str
    source_sector: str
    target_sector: str
    plover_event: str
    quad_class: int
    goldstein: float
    families: tuple[str, ...]
    modality: str
    confidence: float
    trigger: str
    direction: str
    event_date: date

    @property
    def dyad(self) -> Dyad:
        """Return the undirected pair."""
        return Dyad.of(self.source_iso3, self.target_iso3)

    @property
    def is_current(self) -> bool:
        """Return whether the event counts as now (asserted or planned)."""
        return self.modality in ("asserted", "planned")
