"""The lemma tables that ship: EWT's own words, irregular forms, verb inflections.

A learned lemmatizer spells rare verbs wrongly ("condemne", "violat"), and the
rules read verb lemmas, so a table decides first and spelling rules last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.lookups import Lookups, load_lookups

from bench.parser.convert import Sentence

#: Endings tried in this order on words that no table holds.
SUFFIX_RULES = {
    "noun": (
        ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("sses", "ss"),
        ("ss", "ss"), ("us", "us"), ("is", "is"), ("men", "man"), ("s", ""), ("", ""),
    ),
    "verb": (
        ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", ""),
        ("ied", "y"), ("ized", "ize"), ("ised", "ise"), ("ated", "ate"), ("ed", ""),
        ("izing", "ize"), ("ising", "ise"), ("ating", "ate"), ("ing", ""), ("", ""),
    ),
    "adj": (("", ""),),
    "punct": (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'")),
    "adv": (("", ""),),
}  # fmt: skip

#: A verb that doubles its last letter: one short vowel, one consonant.
DOUBLING = re.compile(r"[^aeiou][aeiou][bdgklmnprtvz]$")
ONE_SYLLABLE = re.compile(r"^[^aeiouy]*(qu)?[aeiouy][^aeiouy]$")


def inflect_verb(lemma: str) -> Iterator[str]:
    """Yield the regular inflections of a verb, with doubled letters where they may occur.

    Example:
        >>> sorted(inflect_verb("expel"))
        ['expeled', 'expeling', 'expelled', 'expelling', 'expels']
        >>> sorted(inflect_verb("deny"))
        ['denied', 'denies', 'denying']
    """
    if lemma.endswith("e"):
        stem = lemma[:-2] + "y" if lemma.endswith("ie") else lemma
        stem = lemma[:-1] if stem == lemma and not lemma.endswith(("ee", "oe", "ye")) else stem
        yield from (lemma + "s", lemma + "d", stem + "ing")
        return
    if re.search(r"[^aeiou]y$", lemma):
        yield from (lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
        return
    yield lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    if not ONE_SYLLABLE.search(lemma) or not DOUBLING.search(" " + lemma):
        yield from (lemma + "ed", lemma + "ing")
    if DOUBLING.search(" " + lemma):
        yield from (lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing")


def treebank_lemmas(sentences: Iterable[Sentence]) -> dict[str, dict[str, str]]:
    """Return upos -> form -> most frequent lemma, all in lower-case keys.

    Proper nouns are left out unless the lemma is another word ("States").
    """
    counts: dict[str, dict[str, Counter[str]]] = {}
    for sentence in sentences:
        for token in sentence.tokens:
            if token.feats and "Typo=Yes" in token.feats:
                continue
            form = token.form.lower()
            if token.upos == "PROPN" and token.lemma.lower() == form:
                continue
            upos = counts.setdefault(token.upos.lower(), {})
            upos.setdefault(form, Counter())[token.lemma] += 1
    return {
        upos: {form: found.most_common(1)[0][0] for form, found in forms.items()}
        for upos, forms in counts.items()
    }


def build_lookups(sentences: Iterable[Sentence]) -> Lookups:
    """Return spaCy lemma tables; needs the package ``spacy-lookups-data`` (WordNet's lists)."""
    wordnet = load_lookups("en", ["lemma_exc", "lemma_index"])
    seen = treebank_lemmas(sentences)
    tables: dict[str, dict[str, list[str]]] = {}
    verbs = sorted(wordnet.get_table("lemma_index")["verb"], key=lambda v: (v.endswith("e"), v))
    regular = {form: [verb] for verb in verbs if verb.isalpha() for form in inflect_verb(verb)}
    tables["verb"] = regular
    for upos in ("verb", "noun", "adj"):
        irregular = wordnet.get_table("lemma_exc")[upos]
        tables.setdefault(upos, {}).update(
            {form: list(found[:1]) for form, found in irregular.items()}
        )
    for upos, forms in seen.items():
        if upos not in ("punct", "sym", "x"):
            tables.setdefault(upos, {}).update({form: [lemma] for form, lemma in forms.items()})
    lookups = Lookups()
    lookups.add_table("lemma_exc", tables)
    lookups.add_table("lemma_rules", {k: [list(r) for r in v] for k, v in SUFFIX_RULES.items()})
    lookups.add_table("lemma_index", {})
    return lookups


def add_lemmatizer(nlp: Language, sentences: Iterable[Sentence]) -> None:
    """Add the table lemmatizer."""
    component = nlp.add_pipe("lemmatizer", after="morphologizer", config={"mode": "rule"})
    component.initialize(lookups=build_lookups(sentences))
