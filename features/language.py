"""Which language a text is written in, short texts included.

A count of English function words settles most texts at once; only the rest is
put to py3langid. Skipping is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_LETTER = re.compile(r"[^\W\d_]")
UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class LanguageParams:
    """How much evidence is asked for.

    Args:
        sample_chars: characters from the start that are looked at.
        english_share: weighted share of function words from which a text is English.
        short_words: below this many words the identifier alone is not trusted.
        confidence: probability that it must reach on a short text.
    """

    sample_chars: int = 800
    english_share: float = 0.12
    short_words: int = 12
    confidence: float = 0.95


@cache
def load_function_words() -> dict[str, float]:
    """Return the weight of each English function word of ``data/function_words.csv``."""
    rows = (line.split(",") for line in _read_lines("function_words.csv"))
    return {word: float(weight) for word, weight in rows}


def _read_lines(name: str) -> list[str]:
    path = resources.files("features") / "data" / name
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return lines[1:]


@cache
def _load_identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_read_lines("languages.csv"))
    return identifier


def normalize_language(tag: str | None) -> str | None:
    """Return the two- or three-letter code of a tag such as "en-GB", or None.

    Example:
        >>> normalize_language("en_US"), normalize_language("English"), normalize_language("x")
        ('en', 'en', None)
    """
    if not tag:
        return None
    code = re.split(r"[-_]", tag.strip().lower())[0]
    if code == "english":
        return "en"
    return code if code.isalpha() and len(code) in (2, 3) else None


def identify_language(
    text: str, hint: str | None = None, params: LanguageParams = LanguageParams()
) -> str:
    """Return the ISO 639-1 code of a text's language, ``"und"`` if nothing can tell.

    Args:
        text: plain text, title included where there is one.
        hint: what the source says; decides only where the text is too short.
        params: how much evidence is asked for.

    Example:
        >>> identify_language("Troops moved to the border after the talks had failed.")
        'en'
        >>> identify_language("Le président a reçu le ministre des Affaires étrangères à Paris.")
        'fr'
    """
    sample = text[: params.sample_chars]
    words = sample.lower().split()
    if not _LETTER.search(sample):
        return normalize_language(hint) or UNKNOWN
    weigh = load_function_words().get
    weights = [weight for word in words if (weight := weigh(word)) is not None]
    share = sum(weights) / len(words)
    has_english = 1.0 in weights
    if has_english and share >= params.english_share and len(weights) > 1:
        return "en"
    code, confidence = _load_identifier().classify(sample)
    if len(words) >= params.short_words or (confidence >= params.confidence and not has_english):
        return str(code)
    return normalize_language(hint) or _guess_short(sample, str(code), has_english)


def _guess_short(sample: str, code: str, has_english: bool) -> str:
    """Return English for short Latin headlines, which the identifier cannot judge."""
    letters = [c for c in sample if c.isalpha()]
    plain = sum(c < "\u0250" for c in letters) / max(len(letters), 1)
    return "en" if has_english or plain > 0.95 else code
