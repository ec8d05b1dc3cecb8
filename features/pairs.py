"""Ordered pairs of countries in one parsed sentence, as the event coder sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from spacy.tokens import Doc

from features.signals import Hit, find_hits
from features.syntax import Link, clause_tokens, head_of_span, link, predicates_on, role
from features.types import ActorMention

# A sentence that lists more countries than this is a roll-call, not an event.
MAX_COUNTRIES = 8
_MAX_MENTIONS_EACH = 3


@dataclass(frozen=True, slots=True)
class PairView:
    """Source and target marked in a parsed sentence, with the route between them."""

    doc: Doc
    source: ActorMention
    target: ActorMention
    link: Link
    hits: tuple[Hit, ...]
    country_count: int


def _best_link(
    doc: Doc, sources: Sequence[ActorMention], targets: Sequence[ActorMention]
) -> tuple[Link, ActorMention, ActorMention] | None:
    best = None
    for source in sources[:_MAX_MENTIONS_EACH]:
        for target in targets[:_MAX_MENTIONS_EACH]:
            found = link(
                head_of_span(doc, source.start, source.end),
                head_of_span(doc, target.start, target.end),
            )
            if found is None:
                continue
            cost = len(found.source_steps) + len(found.target_steps)
            if best is None or cost < best[0]:
                best = (cost, found, source, target)
    return best[1:] if best else None


def find_pairs(doc: Doc, mentions: Sequence[ActorMention]) -> Iterator[PairView]:
    """Yield one view for each ordered pair of different countries in the sentence."""
    by_country: dict[str, list[ActorMention]] = {}
    for mention in mentions:
        by_country.setdefault(mention.iso3, []).append(mention)
    if not 2 <= len(by_country) <= MAX_COUNTRIES:
        return
    hits = find_hits(doc)
    for source, target in permutations(by_country, 2):
        best = _best_link(doc, by_country[source], by_country[target])
        if best is not None:
            yield PairView(doc, best[1], best[2], best[0], hits, len(by_country))


def pair_features(view: PairView) -> dict[str, float]:
    """Return named features of one view for the event coder (name -> weight)."""
    doc, found = view.doc, view.link
    predicate = doc[found.predicate]
    row: dict[str, float] = {
        f"route={role(found.source_steps)}|{role(found.target_steps)}": 1.0,
        f"pred={predicate.lemma_.lower()}": 1.0,
        f"order={view.source.start < view.target.start}": 1.0,
        f"sectors={view.source.sector}|{view.target.sector}": 1.0,
    }
    for token in predicates_on(found.source_steps, doc):
        row[f"up={token.lemma_.lower()}"] = 1.0
    for token in predicates_on(found.target_steps, doc):
        row[f"down={token.lemma_.lower()}"] = 1.0
    on_route = route_indices(found)
    clause = {token.i for token in clause_tokens(predicate)}
    for hit in view.hits:
        span = set(range(hit.start, hit.end))
        place = "route" if span & on_route else "clause" if span & clause else "sentence"
        row[f"hit={hit.pattern.event}@{place}"] = 1.0
    return row


def route_indices(found: Link) -> set[int]:
    """Return the token indices that the route passes, both ends left out."""
    return {found.predicate} | {
        step.head for step in (*found.source_steps, *found.target_steps)
    }
