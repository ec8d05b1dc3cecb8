"""What the event coder sees of one ordered pair: the names of binary features.

Roles towards each trigger and verb, the route between the two, words before,
between and after, and the words that the two names hang on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from features.pairs import FAR, PairView, ParsedSentence
from features.signals import Hit
from features.syntax import route

_CONTENT: Final = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "ADV", "ADP", "PART", "AUX", "SCONJ"})
_BETWEEN_LIMIT: Final = 25
_NEAR: Final = 6
MAX_NAMED_WORDS: Final = 20_000


def pair_names(view: PairView) -> tuple[str, ...]:
    """Return the distinct names of the features that hold for one view."""
    return tuple(dict.fromkeys(_names(view)))


def _names(view: PairView) -> Iterator[str]:
    yield from shape_names(view)
    yield from _route_names(view)
    yield from _trigger_names(view)
    yield from _verb_names(view)
    yield from _word_names(view)
    yield from holder_names(view, view.source_index, "s")
    yield from holder_names(view, view.target_index, "t")


def _bucket(count: int) -> str:
    return str(count) if count < 4 else "4+" if count < 8 else "8+"


def shape_names(view: PairView) -> Iterator[str]:
    """Yield the order, distance, number and kinds of the actors."""
    sentence = view.sentence
    first = view.source_index < view.target_index
    yield f"order={first}"
    yield f"countries={min(len(sentence.countries), 5)}"
    yield f"sectors={view.source.sector}|{view.target.sector}"
    yield f"kinds={view.source.kind}|{view.target.kind}"
    gap = abs(sentence.heads[view.source_index] - sentence.heads[view.target_index])
    yield f"gap={_bucket(gap)}|{first}"
    low, high = sorted((view.source_index, view.target_index))
    own = (view.source.iso3, view.target.iso3)
    others = {m.iso3 for m in sentence.mentions[low + 1 : high] if m.iso3 not in own}
    yield f"others_between={min(len(others), 2)}"


def _route_names(view: PairView) -> Iterator[str]:
    tree, bases, found = view.sentence.tree, view.sentence.bases, view.link
    up, down = route(tree, found.up), route(tree, found.down[::-1])
    top = bases[found.top]
    yield f"route={up}|{down}"
    yield f"top={top}"
    yield f"top={top}|up={up}"
    yield f"top={top}|down={down}"
    yield f"top={top}|{up}|{down}"
    yield f"length={_bucket(len(found))}"
    for index in found.up[1:]:
        yield f"up={bases[index]}"
    for index in found.down[:-1]:
        yield f"down={bases[index]}"


def _rank(sentence: ParsedSentence, code: str, trigger: int) -> int:
    """Return how many countries stand nearer to the trigger, at most 2."""
    own = sentence.roles[code][trigger].distance
    return min(sum(roles[trigger].distance < own for roles in sentence.roles.values()), 2)


def _trigger_names(view: PairView) -> Iterator[str]:
    sentence = view.sentence
    sources, targets = sentence.roles[view.source.iso3], sentence.roles[view.target.iso3]
    best: tuple[int, Hit] | None = None
    for hit in sentence.hits:
        source, target = sources[hit.head], targets[hit.head]
        distance = source.distance + target.distance
        if best is None or distance < best[0]:
            best = (distance, hit)
        event, words = hit.pattern.event, "_".join(hit.pattern.lemmas)
        if distance > 2 * FAR:
            yield f"ev={event}|far"
            continue
        yield f"ev={event}"
        yield f"ev={event}|s={source.relation}"
        yield f"ev={event}|t={target.relation}"
        yield f"ev={event}|{source.relation}|{target.relation}"
        yield f"hit={words}|s={source.relation}"
        yield f"hit={words}|t={target.relation}"
        ranks = (_rank(sentence, m.iso3, hit.head) for m in (view.source, view.target))
        yield f"ev={event}|ranks={'|'.join(map(str, ranks))}"
    if best is None:
        yield "no_hit"
        return
    yield f"best={best[1].pattern.event}|{_bucket(best[0])}"
    yield f"best={best[1].pattern.event}"


def _verb_names(view: PairView) -> Iterator[str]:
    sentence = view.sentence
    sources, targets = sentence.roles[view.source.iso3], sentence.roles[view.target.iso3]
    for index in sentence.triggers:
        source, target = sources[index], targets[index]
        if source.distance + target.distance > _NEAR or sentence.tree.pos[index] != "VERB":
            continue
        verb = sentence.bases[index]
        yield f"verb={verb}|s={source.relation}"
        yield f"verb={verb}|t={target.relation}"
        yield f"verb|{source.relation}|{target.relation}"


def _word_names(view: PairView) -> Iterator[str]:
    sentence = view.sentence
    tree = sentence.tree
    source, target = sentence.heads[view.source_index], sentence.heads[view.target_index]
    low, high = min(source, target), max(source, target)
    order = ">" if source < target else "<"
    inside = _masked_words(sentence)
    for index, word in enumerate(inside):
        if not word:
            continue
        middle, ordered_middle, before, after, anywhere = _word_names_of(word, order)
        is_content = tree.pos[index] in _CONTENT
        if low < index < high:
            yield middle
            yield ordered_middle
        elif is_content:
            yield before if index < low else after
        if is_content:
            yield anywhere
    if high - low <= _BETWEEN_LIMIT:
        for index in range(low, high):
            left, right = inside[index] or "#", inside[index + 1] or "#"
            yield f"mid{order}{left}_{right}"


@lru_cache(maxsize=MAX_NAMED_WORDS)
def _word_names_of(word: str, order: str) -> tuple[str, str, str, str, str]:
    """Return the names of a word by its place; the same strings again for the same word."""
    middle = f"mid={word}", f"mid{order}{word}"
    return *middle, f"pre{order}{word}", f"post{order}{word}", f"word={word}"


def _masked_words(sentence: ParsedSentence) -> list[str]:
    """Return the lemmas with the words of actors blanked, so that none is learnt."""
    words = list(sentence.bases)
    for first, last in sentence.spans:
        words[first:last] = [""] * (last - first)
    return words


def holder_names(view: PairView, which: int, end: str) -> Iterator[str]:
    """Yield the words beside a mention and the noun that it modifies."""
    sentence = view.sentence
    tree, bases, head = sentence.tree, sentence.bases, sentence.heads[which]
    first, end_ = sentence.spans[which]
    for name, index in (("-2", first - 2), ("-1", first - 1), ("+1", end_), ("+2", end_ + 1)):
        if 0 <= index < len(tree):
            yield f"{end}{name}={bases[index]}"
    if tree.labels[head] in ("amod", "compound", "nmod:poss", "nmod:of", "nmod:in", "nmod:from"):
        yield f"{end}_of={bases[tree.heads[head]]}"
        yield f"{end}_of={tree.labels[head]}"
    yield f"{end}_label={tree.labels[head]}"


def trigger_index(view: PairView, plover_event: str = "") -> int:
    """Return the token that carries the event: the trigger nearest both ends, else the top.

    Args:
        view: the pair.
        plover_event: triggers that speak for this event come first; "" for any.
    """
    sentence = view.sentence
    sources, targets = sentence.roles[view.source.iso3], sentence.roles[view.target.iso3]
    ranked = []
    for hit in sentence.hits:
        distance = sources[hit.head].distance + targets[hit.head].distance
        ranked.append((hit.pattern.event != plover_event, distance, hit.head))
    near = [item for item in ranked if item[1] <= _NEAR or not item[0]]
    return min(near)[2] if near else view.link.top
