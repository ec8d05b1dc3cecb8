"""What the event coder sees of one ordered pair: named features, all of weight 1.

Roles towards each trigger and verb, the route between the two, words before,
between and after, and the words that the two names hang on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from features.pairs import PairView, ParsedSentence
from features.signals import Hit
from features.syntax import Link, Tree, link_chains, relation, route

_CONTENT: Final = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "ADV", "ADP", "PART", "AUX", "SCONJ"})
_BETWEEN_LIMIT: Final = 25
_NEAR: Final = 6


def pair_features(view: PairView) -> dict[str, float]:
    """Return named features of one view for the event coder (name -> weight)."""
    return dict.fromkeys(_names(view), 1.0)


def _names(view: PairView) -> Iterator[str]:
    yield from _shape_names(view)
    yield from _route_names(view)
    yield from _trigger_names(view)
    yield from _verb_names(view)
    yield from _word_names(view)
    yield from _holder_names(view, view.source_index, "s")
    yield from _holder_names(view, view.target_index, "t")


def _bucket(count: int) -> str:
    return str(count) if count < 4 else "4+" if count < 8 else "8+"


def _shape_names(view: PairView) -> Iterator[str]:
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


def _roles(view: PairView, index: int) -> tuple[str, str, int]:
    """Return the roles of both ends towards a token, and how far off they are in all."""
    sentence = view.sentence
    chain = sentence.tree.chain(index)
    source = link_chains(sentence.chains[view.source_index], chain)
    target = link_chains(sentence.chains[view.target_index], chain)
    distance = sum(len(f) if f else 9 for f in (source, target))
    return relation(sentence.tree, source), relation(sentence.tree, target), distance


def _trigger_names(view: PairView) -> Iterator[str]:
    sentence = view.sentence
    best: tuple[int, Hit] | None = None
    for hit in sentence.hits:
        source, target, distance = _roles(view, hit.head)
        event, words = hit.pattern.event, "_".join(hit.pattern.lemmas)
        yield f"ev={event}"
        yield f"ev={event}|s={source}"
        yield f"ev={event}|t={target}"
        yield f"ev={event}|{source}|{target}"
        yield f"hit={words}|s={source}"
        yield f"hit={words}|t={target}"
        if best is None or distance < best[0]:
            best = (distance, hit)
    if best is None:
        yield "no_hit"
        return
    yield f"best={best[1].pattern.event}|{_bucket(best[0])}"
    yield f"best={best[1].pattern.event}"


def _verb_names(view: PairView) -> Iterator[str]:
    tree, bases = view.sentence.tree, view.sentence.bases
    hit_heads = {hit.head for hit in view.sentence.hits}
    for index, pos in enumerate(tree.pos):
        if pos != "VERB" or index in hit_heads:
            continue
        source, target, distance = _roles(view, index)
        if distance > _NEAR:
            continue
        yield f"verb={bases[index]}|s={source}"
        yield f"verb={bases[index]}|t={target}"
        yield f"verb|{source}|{target}"


def _word_names(view: PairView) -> Iterator[str]:
    sentence = view.sentence
    tree, bases = sentence.tree, sentence.bases
    source, target = sentence.heads[view.source_index], sentence.heads[view.target_index]
    low, high = min(source, target), max(source, target)
    order = ">" if source < target else "<"
    inside = _masked_words(sentence)
    for index, word in enumerate(inside):
        if not word:
            continue
        if low < index < high:
            yield f"mid={word}"
            yield f"mid{order}{word}"
        elif tree.pos[index] in _CONTENT:
            yield f"{'pre' if index < low else 'post'}{order}{word}"
        if tree.pos[index] in _CONTENT:
            yield f"word={word}"
    if high - low <= _BETWEEN_LIMIT:
        for index in range(low, high):
            left, right = inside[index] or "#", inside[index + 1] or "#"
            yield f"mid{order}{left}_{right}"
    del bases


def _masked_words(sentence: ParsedSentence) -> list[str]:
    """Return the lemmas with the words of country names blanked, so that none is learnt."""
    words = list(sentence.bases)
    tree = sentence.tree
    for mention in sentence.mentions:
        for index, start in enumerate(tree.starts):
            if mention.start <= start < mention.end:
                words[index] = ""
    return words


def _holder_names(view: PairView, which: int, end: str) -> Iterator[str]:
    """Yield the words beside a mention and the noun that it modifies."""
    sentence = view.sentence
    tree, bases, head = sentence.tree, sentence.bases, sentence.heads[which]
    mention = sentence.mentions[which]
    first = next((i for i, s in enumerate(tree.starts) if s >= mention.start), head)
    last = max((i for i, s in enumerate(tree.starts) if s < mention.end), default=head)
    for name, index in (("-2", first - 2), ("-1", first - 1), ("+1", last + 1), ("+2", last + 2)):
        if 0 <= index < len(tree):
            yield f"{end}{name}={bases[index]}"
    if tree.labels[head] in ("amod", "compound", "nmod:poss", "nmod:of", "nmod:in", "nmod:from"):
        yield f"{end}_of={bases[tree.heads[head]]}"
        yield f"{end}_of={tree.labels[head]}"
    yield f"{end}_label={tree.labels[head]}"


def trigger_index(view: PairView) -> int:
    """Return the token that carries the event best: a trigger near both ends, else the top."""
    ranked = [
        (_roles(view, hit.head)[2], hit.head) for hit in view.sentence.hits
    ]
    if ranked and (best := min(ranked))[0] <= _NEAR:
        return best[1]
    return view.link.top


__all__ = ["Link", "Mapping", "Tree", "pair_features", "trigger_index"]
