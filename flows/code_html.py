"""A page that shows how sentences were read: events, actors and the parse, by displaCy."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from spacy import displacy
from spacy.language import Language

from features.events import EventDetail, Extraction
from features.types import Event
from flows.text import plain

# A page with more drawings than this opens slowly.
MAX_SENTENCES: Final = 200
# Smaller probabilities are not worth a reader's time.
_MIN_SHOWN: Final = 0.05
_HEAD: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>dyadrisk code</title>'
    "<style>body{font-family:sans-serif;margin:2rem}section{border-top:1px solid #999}"
    ".tree{overflow-x:auto}</style></head><body><h1>How sentences were read</h1>"
    "<p>Each event reads: source &gt; target, what the source did, whether it is asserted, "
    "planned, reported, hypothetical, historical or negated, and its Goldstein weight from "
    "-10 (force) to +10. The trigger is the word that tells of it. The path says what made "
    "the direction: left how the source hangs on the word in the middle, right how the "
    "target does (nsubj subject, nsubj:pass subject of a passive, obj object, obl and nmod "
    "with their preposition, conj joined by &quot;and&quot;, self the word itself; &gt; "
    "leads one step up, * stands for steps left out). The probabilities are the event "
    "coder's, NONE is no event between the two; those below 0.05 are left out. By default an "
    "event is kept when NONE is at most 0.50, or 0.70 where one verb has the source as its "
    "agent and the target as its patient. Sentences without an event are not drawn.</p>"
)


@dataclass
class CodePage:
    """Sentences with their events, up to ``MAX_SENTENCES``; the rest is counted.

    Args:
        left_out: sentences with events that the page has no room for.
    """

    left_out: int = 0
    _found: dict[tuple[str, int], list[tuple[Event, EventDetail]]] = field(default_factory=dict)

    def add(self, extraction: Extraction) -> None:
        """Note the sentences of one article that hold events."""
        refused = set()
        for event, detail in zip(extraction.events, extraction.details, strict=True):
            key = (event.article_id, event.sentence_index)
            if key not in self._found and len(self._found) >= MAX_SENTENCES:
                refused.add(key)
                continue
            self._found.setdefault(key, []).append((event, detail))
        self.left_out += len(refused)

    def write(self, path: Path, nlp: Language) -> None:
        """Draw the page; sentences are parsed once more, text from outside is escaped."""
        parts = [_HEAD]
        for (article_id, _), own in self._found.items():
            parts.append(_section(article_id, own, nlp))
        if self.left_out:
            parts.append(f"<p>{self.left_out} further sentences with events are not drawn.</p>")
        path.write_text("\n".join([*parts, "</body></html>"]), "utf-8")


def _section(article_id: str, own: Sequence[tuple[Event, EventDetail]], nlp: Language) -> str:
    sentence = own[0][0].sentence
    tree = displacy.render(nlp(plain(sentence)), style="dep", options={"compact": True})
    events = "".join(f"<li>{html.escape(_told(event, detail))}</li>" for event, detail in own)
    return (
        f"<section><h2>{html.escape(plain(article_id))}</h2>{_actors(sentence, own[0][1])}"
        f'<ul>{events}</ul><div class="tree">{tree}</div></section>'
    )


def _actors(sentence: str, detail: EventDetail) -> str:
    ents = [
        {"start": actor.start, "end": actor.end, "label": f"{actor.iso3} {actor.kind}"}
        for actor in sorted(detail.actors, key=lambda actor: actor.start)
    ]
    marked = {"text": sentence, "ents": ents, "title": None}
    return str(displacy.render(marked, style="ent", manual=True))


def _told(event: Event, detail: EventDetail) -> str:
    likely = sorted(detail.probs.items(), key=lambda item: -item[1])
    probs = ", ".join(f"{name} {prob:.2f}" for name, prob in likely if prob >= _MIN_SHOWN)
    frame = " (agent and patient of one verb)" if detail.is_explicit else ""
    return (
        f"{event.source_actor} ({event.source_iso3}) > {event.target_actor} ({event.target_iso3}):"
        f" {event.plover_event}, {event.modality}, Goldstein {event.goldstein:+g},"
        f" {' and '.join(event.families)}; trigger {event.trigger!r};"
        f" path {event.direction}{frame}; {probs}"
    )
