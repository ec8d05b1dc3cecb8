from __future__ import annotations

import re

import pytest

from features.boilerplate import clean_lines, is_cut_line, is_furniture, read_patterns, split_lines

ROWS = read_patterns()


@pytest.mark.parametrize("row", ROWS, ids=[row["example"][:40] for row in ROWS])
def test_pattern_matches_its_own_example(row):
    pattern = re.compile(row["pattern"], re.IGNORECASE)
    if row["action"] in ("short", "notice"):
        assert pattern.search(row["example"])
    else:
        assert pattern.fullmatch(row["example"])


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("The two presidents agreed to meet again in March.", id="plain sentence"),
        pytest.param("By nightfall the army had left the town.", id="by opens a sentence"),
        pytest.param("From Moscow came a sharp reply to the sanctions.", id="from opens one"),
        pytest.param("Share prices fell after the strike on the port.", id="share prices"),
        pytest.param("Follow-up talks are planned for Geneva next week.", id="follow-up talks"),
        pytest.param("Watch officers saw the ship turn back.", id="watch officers"),
        pytest.param("Related charges were dropped by the court on Monday.", id="related charges"),
        pytest.param("Comments by the minister angered Tokyo.", id="comments by"),
        pytest.param("5 soldiers died.", id="number opens a sentence"),
        pytest.param("Subscribers to the pact include Chad and Niger.", id="subscribers"),
        pytest.param("Photographs showed two warships off Taiwan.", id="photographs"),
        pytest.param("More troops crossed the border on Tuesday.", id="more opens a sentence"),
        pytest.param("Source countries refused the plan.", id="source countries"),
        pytest.param("Iran fired missiles.", id="three words"),
        pytest.param("Print media in Lebanon reported clashes.", id="print media"),
        pytest.param("Join Us rebels attacked an army post.", id="join us as a name"),
        pytest.param("Already a member of NATO, Finland sent troops.", id="already a member"),
        pytest.param("Full access to the reactor was refused by Iran.", id="full access"),
        pytest.param("We can't find a way to talk, said the Iranian minister.", id="can't find"),
        pytest.param("Cuban reporters said that the sanctions contributed.", id="contributed"),
        pytest.param("Sign of thaw: Riyadh reopens its embassy in Tehran.", id="sign of"),
        pytest.param("Get out of Syria, Damascus tells Turkey.", id="get out of"),
        pytest.param("World leaders met in New York.", id="world leaders"),
    ],
)
def test_news_is_no_furniture(line):
    assert not is_furniture(line)
    assert not is_cut_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "0",
        "5",
        "1.2K",
        "Share",
        "Tweet",
        "Facebook Twitter WhatsApp",
        "12 shares",
        "Home > World",
        "By Ana Example",
        "We use cookies to improve this site.",
        "Your email address will not be published. Required fields are marked *",
        "Advertisement",
        "— — —",
        "3 min read",
    ],
)
def test_furniture_is_found(line):
    assert is_furniture(line)


def test_comment_form_cuts_only_after_the_body():
    body = "The minister flew to Ankara for talks on the border. " * 4
    assert list(
        clean_lines(["Leave a reply", body, "LEAVE A REPLY", "Great article, thanks!"])
    ) == [body]


def test_repeated_lines_are_kept_once():
    line = "Two ships were seized in the strait."
    assert list(clean_lines([line, line])) == [line]


def test_invisible_characters_go():
    assert split_lines("a\u200bb\u00a0 c\n \n") == ["ab c"]
