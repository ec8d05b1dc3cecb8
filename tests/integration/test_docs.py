"""What README and docs say is what the program does."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from cyclopts import CycloptsError
from sqlalchemy import Engine, text

from flows.alert_rules import AlertFile
from flows.cli import app, main
from flows.register import register_shipped
from flows.settings import Settings
from flows.sources.catalog import load_sources
from models.db import store
from models.risk.artifact import load_champions
from tests.integration.documented import (
    ELSEWHERE,
    MAKING,
    PAGES,
    READING,
    ROOT,
    blocks,
    commands,
    console_lines,
    is_one_of,
    words_of,
)
from tests.integration.seed import fill_store


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = store.open_store(f"sqlite:///{tmp_path_factory.mktemp('docs') / 'store.db'}")
    fill_store(engine)
    register_shipped(engine, tuple(load_champions()), "run")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("page", "line"), commands(), ids=str)
def test_command_is_one_that_the_program_knows(page: str, line: str) -> None:
    try:
        app.parse_args(words_of(line), exit_on_error=False, print_error=False)
    except CycloptsError as err:
        pytest.fail(f"{page}: {line}: {err}")


@pytest.mark.parametrize(("page", "line"), commands(), ids=str)
def test_command_is_run_by_a_test(page: str, line: str) -> None:
    if is_one_of(line, (*READING, *MAKING)):
        return
    found = [test for start, test in ELSEWHERE.items() if is_one_of(line, (start,))]
    assert found, f"{page}: no test runs {line!r}: name one in tests/integration/documented.py"
    path, _, name = found[0].partition("::")
    assert (ROOT / path).is_file()
    assert f"def {name or 'test_'}" in (ROOT / path).read_text("utf-8")


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the alert rules of the how-to in force."""
    page = (ROOT / "docs" / "how-to" / "watch.md").read_text("utf-8")
    (tmp_path / "alerts.toml").write_text(page.split("```toml")[1].split("```")[0], "utf-8")
    monkeypatch.setenv("DYADRISK_ALERTS_FILE", "alerts.toml")


@pytest.mark.filterwarnings("ignore:SOCKS support")
@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    ("page", "line"), [c for c in commands() if is_one_of(c[1], READING)], ids=str
)
def test_command_that_reads_runs(
    page: str,
    line: str,
    example: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = store.read_champion(example, "escalation", 90)
    assert shipped
    version = shipped["classifier_version"]
    words = [version if word == "VERSION" else word for word in words_of(line)]
    place = [] if words[0] in ("settings", "version") else ["--db", str(example.url)]
    with pytest.raises(SystemExit) as end:
        main([*words, *place])
    assert not end.value.code, f"{page}: {line}: {capsys.readouterr().err}"


def test_other_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page, line in console_lines():
        words = line.removeprefix(".venv/bin/").split()
        if words[0] == "make":
            assert words[1] in targets, f"{page}: {line}"
        elif words[:2] == ["python", "-m"]:
            assert (ROOT / f"{words[2].replace('.', '/')}.py").is_file(), f"{page}: {line}"
        else:
            assert words[0] in ("dyadrisk", "export", "python", "cp", "sqlite3"), f"{page}: {line}"


@pytest.mark.parametrize(
    ("page", "body"), [b for b in blocks("python") if "docs/notebook.md" not in b[0]], ids=str
)
def test_python_runs(page: str, body: str) -> None:
    exec(compile(body, page, "exec"), {})


@pytest.mark.parametrize(
    ("page", "sql"), [b for b in blocks("sql") if "docs/sql.md" not in b[0]], ids=str
)
def test_query_answers(example: Engine, page: str, sql: str) -> None:
    with store.reading(example) as conn:
        for statement in filter(str.strip, sql.split(";")):
            conn.execute(text(statement)).all()


@pytest.mark.parametrize(("page", "body"), list(blocks("toml")), ids=str)
def test_configuration_is_valid(page: str, body: str, tmp_path: Path) -> None:
    found = tomllib.loads(body)
    if "rules" in found:
        AlertFile.model_validate(found)
    elif "source" in found:
        path = tmp_path / "sources.toml"
        path.write_text(body, "utf-8")
        assert load_sources(path)
    else:
        assert set(found) <= set(Settings.model_fields), page


@pytest.mark.parametrize("name", ["cli", "settings", "events"])
def test_reference_is_made_from_the_code(name: str) -> None:
    page = load_script("build_reference").PAGES[name]()
    stored = (ROOT / "docs" / "reference" / f"{name}.md").read_text("utf-8")
    assert stored == page, "run: python docs/build_reference.py"


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        plain = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", plain):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


def test_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    outside = re.findall(
        r'(?:src|<link[^>]+href)="https?://[^"]+', (tmp_path / "index.html").read_text()
    )
    assert not outside, "the site must read offline"


def test_notebook_is_the_one_that_was_built_and_still_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = json.loads((ROOT / "docs" / "notebook.ipynb").read_text("utf-8"))
    cells = ["".join(c["source"]) for c in book["cells"] if c["cell_type"] == "code"]
    built = (ROOT / "docs" / "build_notebook.py").read_text("utf-8")
    tree = ast.parse(built)
    wanted = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "CELLS"
    )
    assert cells == [source for kind, source in wanted if kind == "code"]
    assert any(c.get("outputs") for c in book["cells"])
    (tmp_path / "var").mkdir()
    engine = store.open_store(f"sqlite:///{tmp_path / 'var' / 'dyadrisk.db'}")
    fill_store(engine)
    engine.dispose()
    monkeypatch.chdir(tmp_path)
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    names: dict[str, object] = {}
    for cell in cells:
        exec(cell, names)
