"""The event coder beside simpler rivals, on two sets that it did not learn from.

    python -m bench.coder --corpus PORTAL.jsonl.gz --plover PLOVER.csv --gpr GPR_DICTIONARY.json

PORTAL is the public portal file that holds the labelled ids; PLOVER the public file of
directed sentences (``bench/coder_plover.py``); GPR the word sets of Caldara & Iacoviello.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import coder_plover, coder_portal
from bench.coder_majority import majority_labels
from bench.golden_gate import default_stage
from features.events import TextStage
from features.ontology import PLOVER_EVENTS, QUAD_CLASS
from models.coder.artifact import EventCoder

COLUMNS = ("direction", "quad", "root", "conflict_auc", "none_precision", "none_recall")
Rows = dict[str, dict[str, float]]


def portal_rows(corpus: Path, dictionary: Path, stage: TextStage) -> tuple[Rows, coder_portal.Part]:
    """Return the figures on the portal's test labels, and the training part."""
    part, train = coder_portal.test_part(corpus), coder_portal.train_part(corpus)
    conflict, event = coder_portal.coder_scores(part, stage)
    whole = coder_portal.read_part(corpus, coder_portal.TEST)
    force = coder_portal.force_figures(whole, stage)
    print(
        f"force by state on state, {len(whole.entries)} entries: precision"
        f" {force['force_precision']:.3f}, recall {force['force_recall']:.3f}"
    )
    rival_conflict, rival_event = coder_portal.tfidf_scores(train, part)
    gpr = coder_portal.gpr_scores(part, dictionary)
    hits, any_hit = coder_portal.lexicon_scores(coder_portal.lexicon_roots(part, stage))
    print(
        f"portal test: {len(part.entries)} entries that name two countries,"
        f" {sum(part.has_event)} with an event, {sum(part.has_conflict)} with conflict"
    )
    settled = majority_labels()
    agreed = replace(part, labels=[settled[entry.entry_id] for entry in part.entries])
    return {
        "coder": coder_portal.figures(part, conflict, event, coder_portal.EVENT_PROB),
        "coder, most of 3 readings": coder_portal.figures(
            agreed, conflict, event, coder_portal.EVENT_PROB
        ),
        "TF-IDF + logistic": coder_portal.figures(part, rival_conflict, rival_event, 0.5),
        "lexicon": coder_portal.figures(part, hits, any_hit, 1.0),
        "GPR dictionary": coder_portal.figures(part, gpr, gpr, 1.0),
    }, train


def plover_rows(path: Path, train: coder_portal.Part, stage: TextStage) -> Rows:
    """Return the figures on the file of directed sentences."""
    cases = coder_plover.read_cases(path, stage)
    direction = coder_plover.measure_direction(cases, stage)
    print(
        f"directed sentences: {len(cases)}, both ends one country in {direction['mapped']:.0f},"
        f" {direction['coverage']:.3f} of these covered"
    )
    own = {"direction": direction["direction"]}
    roots, quads = coder_portal.tfidf_plover(train, [case.text for case in cases])
    spoken = [_spoken(case.hit_roots) for case in cases]
    coder = stage.coder
    assert isinstance(coder, EventCoder)
    probs = coder_plover.open_probs(cases, coder)
    spoken_probs = coder_plover.speak_intents(cases, probs, coder)
    return {
        "coder": own | coder_plover.open_figures(cases, spoken_probs, coder),
        "coder, intents as deeds": coder_plover.open_figures(cases, probs, coder),
        "coder, 5 folds further": coder_plover.fold_figures(cases, spoken_probs),
        "TF-IDF + logistic": _rival(cases, roots, quads),
        "TF-IDF + logistic, 5 folds": coder_plover.tfidf_folds(cases),
        "lexicon": _rival(cases, spoken, [QUAD_CLASS[root] for root in spoken])
        | {"direction": direction["first-named"]},
    }


def _rival(
    cases: Sequence[coder_plover.Case], roots: Sequence[str], quads: Sequence[int]
) -> dict[str, float]:
    return {
        "quad": coder_portal.macro_f1([case.quad for case in cases], quads),
        "root": coder_portal.macro_f1([case.root for case in cases], roots),
    }


def _spoken(roots: Sequence[str]) -> str:
    """Return the event that most hits speak for; the first in the code book on a tie."""
    count = Counter(roots)
    return max(PLOVER_EVENTS, key=lambda root: count[root])


def print_table(rows: Rows) -> None:
    """Print one line a method; a dash where a method does not give the figure."""
    print(f"{'':28}" + "".join(f"{name:>15}" for name in COLUMNS))
    for method, own in rows.items():
        cells = (f"{own[name]:15.3f}" if name in own else f"{'-':>15}" for name in COLUMNS)
        print(f"{method:28}" + "".join(cells))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("corpus", "plover", "gpr"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    stage = default_stage()
    found, train = portal_rows(options.corpus, options.gpr, stage)
    for method, own in plover_rows(options.plover, train, stage).items():
        found.setdefault(method, {}).update(own)
    print_table(found)


if __name__ == "__main__":
    main()
