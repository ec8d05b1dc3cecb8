"""The text stage ready to run: parser, gazetteer, event coder, and their version."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from features.actors import load_gazetteer
from features.events import TextStage
from features.nlp import build_nlp
from models.coder.artifact import load_coder

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from flows.settings import Settings

# Raise it when a rule of the text stage changes what comes out.
RULES_VERSION = "7"


@cache
def build_text_stage(pipeline: str | None, min_prob: float) -> TextStage:
    """Return the text stage; built once a process (about a second).

    Raises:
        ConfigError: the named spaCy pipeline is not installed or has no parser.
        DataError: the coder artifact is missing or was tampered with.
    """
    return TextStage(build_nlp(pipeline), load_gazetteer(), load_coder(), min_prob)


def text_stage(settings: Settings) -> TextStage:
    """Return the text stage that the settings ask for."""
    return build_text_stage(settings.spacy_pipeline, settings.min_event_prob)


def extractor_version(settings: Settings) -> str:
    """Return a name that changes whenever events could change, such as ``text-1-3fa94c01``."""
    digest = hashlib.sha256(_data_digest().encode())
    digest.update(f"{settings.spacy_pipeline}|{settings.min_event_prob}".encode())
    return f"text-{RULES_VERSION}-{digest.hexdigest()[:8]}"


@cache
def _data_digest() -> str:
    digest = hashlib.sha256()
    data = resources.files("features") / "data"
    for folder in (data / "lexicons", data / "actors", data / "parser"):
        _add_folder(digest, folder)
    _add_folder(digest, resources.files("models.coder") / "artifacts")
    return digest.hexdigest()


def _add_folder(digest: hashlib._Hash, folder: Traversable) -> None:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            _add_folder(digest, entry)
        elif not entry.name.endswith((".md", ".py", ".pyc")):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())
