"""Conventions that a machine can hold: headers of data files, sizes, hosts, paths."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("features", "models", "flows")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.stat().st_size
)
CURATED = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.csv")
    if "sample" not in path.parts
)
MAX_MODULE_LINES, MAX_FUNCTION_LINES = 300, 40


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CURATED, ids=name_of)
def test_curated_file_states_source_licence_and_date(path: Path) -> None:
    header = "\n".join(
        line for line in path.read_text("utf-8").splitlines()[:12] if line.startswith("#")
    ).lower()
    assert "licence" in header
    assert re.search(r"20\d\d", header)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_has_charter_and_is_short(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what belongs here"
    assert len(text.splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and _code_lines(node) > MAX_FUNCTION_LINES
    ]
    assert not long


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring."""
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    skipped = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - skipped


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_unpickled_or_printed_below_the_command_line(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\b(pickle|joblib)\.loads?\(|shell=True|except:\s*$", text, re.M)
    if not path.name.startswith("cli"):
        assert not re.search(r"^(?!\s*>>>).*(?<![\w.])print\(", text, re.M)


def test_no_path_of_a_machine_and_no_index_address_is_tracked() -> None:
    pattern = re.compile(r"/(?:home|root|work)/[a-z]|--(?:extra-)?index-url\s+http|^-i http", re.M)
    found = [
        name_of(path)
        for path in tracked_files()
        if path.suffix in {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".cfg", ".json", ""}
        and path != Path(__file__)
        and "parser" not in path.parts  # the vocabulary holds words of web text
        and pattern.search(path.read_text("utf-8", errors="ignore"))
    ]
    assert not found


def test_no_large_file_is_tracked() -> None:
    assert not [name_of(p) for p in tracked_files() if p.stat().st_size > 12_000_000]


def test_the_settled_top_level_stands() -> None:
    for name in ("pyproject.toml", "flows", "models", "features", "tests", "deploy"):
        assert (ROOT / name).exists()


def test_only_settings_read_the_environment() -> None:
    readers = [
        name_of(path)
        for path in MODULES
        if re.search(r"os\.environ|os\.getenv", path.read_text("utf-8"))
    ]
    assert set(readers) <= {"flows/settings.py", "flows/cli.py"}
