from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from features.errors import ConfigError
from features.nlp import SHIPPED_PIPELINE, build_nlp, parse_texts


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_nlp()


def find_relation(nlp: Language, text: str, word: str) -> tuple[str, str]:
    token = next(token for token in nlp(text) if token.text == word)
    return token.dep_, token.head.lemma_


@pytest.mark.parametrize(
    ("text", "word", "relation", "head"),
    [
        pytest.param("Russia attacked Ukraine.", "Russia", "nsubj", "attack", id="active subject"),
        pytest.param("Russia attacked Ukraine.", "Ukraine", "obj", "attack", id="active object"),
        pytest.param(
            "Iran was condemned by France.", "Iran", "nsubj:pass", "condemn", id="passive subject"
        ),
        pytest.param(
            "Iran was condemned by France.", "France", "obl:agent", "condemn", id="passive agent"
        ),
        pytest.param(
            "China's navy deployed warships near Taiwan.", "China", "nmod:poss", "navy", id="owner"
        ),
    ],
)
def test_relation(nlp: Language, text: str, word: str, relation: str, head: str) -> None:
    assert find_relation(nlp, text, word) == (relation, head)


def test_shipped_pipeline_has_what_rules_read(nlp: Language) -> None:
    doc = nlp("The minister threatened sanctions.")
    assert [token.lemma_ for token in doc][2:4] == ["threaten", "sanction"]
    assert [token.pos_ for token in doc][:3] == ["DET", "NOUN", "VERB"]
    assert doc[2].morph.get("Tense") == ["Past"]


def test_relations_keep_their_subtypes(nlp: Language) -> None:
    wanted = {"nsubj:pass", "aux:pass", "obl:agent", "nmod:poss", "acl:relcl", "compound:prt"}
    assert wanted <= set(nlp.get_pipe("parser").labels)


def test_parse_texts_keeps_order(nlp: Language) -> None:
    texts = ["Iran struck.", "", "Peace holds."]
    assert [doc.text for doc in parse_texts(nlp, texts, batch_size=2)] == texts


def test_shipped_files_hold_no_local_path() -> None:
    for name in ("config.cfg", "meta.json"):
        text = (SHIPPED_PIPELINE / name).read_text(encoding="utf8")
        assert "/work" not in text
        assert "/home" not in text
        assert ".spacy" not in text.replace("spacy.", "")


def test_shipped_pipeline_is_small() -> None:
    sizes = [path.stat().st_size for path in SHIPPED_PIPELINE.rglob("*") if path.is_file()]
    assert sum(sizes) < 15_000_000
    assert max(sizes) < 12_000_000


def test_unknown_pipeline_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="no_such_pipeline"):
        build_nlp("no_such_pipeline")


def test_pipeline_without_parser_is_a_config_error(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ConfigError, match="'parser'"):
        build_nlp(str(tmp_path / "blank"))


def test_parser_of_another_scheme_is_a_config_error(tmp_path: Path) -> None:
    other = spacy.blank("en")
    parser = other.add_pipe("parser")
    for label in ("nsubj", "nsubjpass", "dobj", "pobj"):
        parser.add_label(label)
    other.initialize()
    other.to_disk(tmp_path / "other")
    with pytest.raises(ConfigError, match="Universal Dependencies"):
        build_nlp(str(tmp_path / "other"))
