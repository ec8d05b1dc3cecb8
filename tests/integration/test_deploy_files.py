"""deploy/ without an engine: linters, schemas, rights, and Grafana's queries on real views."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from features.errors import ConfigError
from flows.alert_rules import read_rules
from flows.cli_ops import opened
from models.db import store
from tests.integration.deploy_databases import SQL, DeployDatabases, run_psql
from tests.integration.seed import fill_store

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "dyadrisk.json").read_text())


def find_tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def check(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_dockerfile_passes_the_linter_and_does_not_run_as_root() -> None:
    check(find_tool("hadolint"), str(DEPLOY / "Dockerfile"))
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    assert lines.index("USER 10001:10001") < lines.index('ENTRYPOINT ["dyadrisk"]')
    assert any(re.match(r"ARG BASE=python:\d+\.\d+\.\d+-", line) for line in lines)


def test_image_gets_what_the_dockerfile_copies() -> None:
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text()
    for line in (DEPLOY / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists()
                assert f"!{name}\n" in kept


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifest_fits_the_schema(path: Path) -> None:
    check(find_tool("kubernetes-validate"), "--strict", str(path))


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in MANIFESTS:
        for item in yaml.safe_load_all(path.read_text()):
            if spec := (item.get("spec") or {}).get("template", {}).get("spec"):
                yield item["metadata"]["name"], spec


def test_our_pods_run_without_rights() -> None:
    ours = [(name, spec) for name, spec in pods() if name != "postgres"]
    assert {name for name, _ in ours} == {"server", "setup", "worker"}
    for _, spec in ours:
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["automountServiceAccountToken"] is False
        for container in spec["containers"] + spec.get("initContainers", []):
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]


def test_resources_of_the_kustomization_exist_and_are_complete() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    assert set(listed["resources"]) == {path.name for path in MANIFESTS} - {"kustomization.yaml"}
    for generator in listed["configMapGenerator"]:
        for entry in generator["files"]:
            assert (DEPLOY / "kubernetes" / entry.partition("=")[2]).is_file()


def test_compose_hangs_together() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        image = service["image"]
        assert re.search(r":\d+\.\d+", image), f"{name} pins no version: {image}"
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] in ("service_healthy", "service_completed_successfully")
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other]
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            is_named = not source.startswith((".", "$"))
            assert not is_named or source in COMPOSE["volumes"]
            assert not source.startswith("./") or (DEPLOY / source).exists()
        for port in service.get("ports", ()):
            assert port.startswith("${BIND_ADDRESS:-127.0.0.1}:")


def test_compose_holds_no_secret_and_env_example_names_every_variable() -> None:
    raw = (DEPLOY / "compose.yaml").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+)", raw))
    offered = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.M))
    assert needed == offered
    secrets = re.findall(r"^ +[A-Z_]*(?:PASSWORD|AUTH)[A-Z_]*: *(\S+)", raw, re.M)
    assert secrets
    assert all(value.startswith("${") for value in secrets)


def compose_program() -> list[str]:
    """Return Docker Compose 2 or later: docker's plugin, or the program that stands alone."""
    for words in (["docker", "compose"], ["docker-compose"]):
        path = shutil.which(words[0])
        if path is None:
            continue
        program = [path, *words[1:]]
        said = subprocess.run(
            [*program, "version", "--short"], capture_output=True, text=True, check=False
        )
        if said.returncode == 0 and re.match(r"v?(?!1\.)\d", said.stdout):
            return program
    pytest.skip("no Docker Compose 2 or later on this machine")


def test_compose_is_accepted_by_its_own_program(tmp_path: Path) -> None:
    program = compose_program()
    values = tmp_path / "env"
    example = (DEPLOY / "env.example").read_text()
    values.write_text(re.sub(r"^([A-Z_]+)=$", r"\1=x", example, flags=re.M))
    check(*program, "--env-file", str(values), "-f", str(DEPLOY / "compose.yaml"),
          "--profile", "grafana", "config", "--quiet")  # fmt: skip


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=str)
def test_systemd_unit_is_valid(unit: Path, tmp_path: Path) -> None:
    tool = find_tool("systemd-analyze")
    copy = tmp_path / unit.name
    here = unit.read_text().replace("/opt/dyadrisk/bin/dyadrisk", sys.executable)
    copy.write_text(here.replace("/opt/dyadrisk/bin/prefect", sys.executable))
    check(tool, "verify", str(copy))


def compose_commands() -> set[str]:
    """Return the commands that the worker's test (tests/flows) runs for real."""
    return {
        " ".join([*service.get("entrypoint", ["dyadrisk"]), *service["command"]])
        for service in COMPOSE["services"].values()
        if service["image"].startswith("dyadrisk")
    }


def other_commands() -> Iterator[str]:
    for _, spec in pods():
        for container in spec["containers"]:
            line = container.get("command", [])
            yield from line[2].splitlines() if line[:1] == ["sh"] else [" ".join(line)]
    for unit in (DEPLOY / "systemd").glob("*.service"):
        yield from re.findall(r"^ExecStart=/opt/dyadrisk/bin/(.*)$", unit.read_text(), re.M)


def test_every_command_is_one_that_another_test_runs() -> None:
    run = compose_commands() | {"dyadrisk serve"}
    found = {line for line in other_commands() if line}
    assert found <= run
    assert len(found) >= 6


def test_alert_rules_and_example_settings_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {rule.kind for rule in read_rules(DEPLOY / "alerts.toml")} == {
        "level", "jump", "stale", "late", "failed"
    }  # fmt: skip
    from flows.settings import Settings

    for line in (DEPLOY / "dyadrisk.env.example").read_text().splitlines():
        name = line.removeprefix("# ").partition("=")[0]
        if name.startswith("DYADRISK_") and not name.startswith("DYADRISK_CHANNEL_"):
            assert name.removeprefix("DYADRISK_").lower() in Settings.model_fields


@pytest.fixture(scope="module")
def analyst(deploy_databases: DeployDatabases) -> Iterator[Engine]:
    """Fill the program's database, grant the views, and connect as the analyst."""
    with opened(deploy_databases.app) as engine:
        fill_store(engine)
    run_psql(opened_url(deploy_databases.app), "--file", str(SQL / "analyst.sql"))
    with opened(deploy_databases.analyst) as engine:
        yield engine


def opened_url(address: str) -> Any:
    from sqlalchemy.engine import make_url

    return make_url(address)


def grafana_queries() -> list[tuple[str, str]]:
    found = [(p["title"], t["rawSql"]) for p in DASHBOARD["panels"] for t in p["targets"]]
    lists = DASHBOARD["templating"]["list"]
    return found + [(v["label"], v["query"]) for v in lists if v["type"] == "query"]


@pytest.mark.postgres
@pytest.mark.parametrize(("title", "query"), grafana_queries(), ids=lambda value: value[:40])
def test_grafana_query_finds_rows_as_the_analyst(analyst: Engine, title: str, query: str) -> None:
    known = {"outcome": "force", "horizon": "30", "dyad": "COL-USA"}
    ready = re.sub(r"\$\{(\w+)\}", lambda match: known[match[1]], query)
    ready = re.sub(r"\$__timeFilter\([^()]*(?:\([^()]*\)[^()]*)*\)", "TRUE", ready)
    assert "$" not in ready
    with analyst.connect() as conn:
        assert conn.exec_driver_sql(ready).fetchall(), title


def test_grafana_panels_do_not_overlap_and_use_the_provisioned_source() -> None:
    source = yaml.safe_load(
        (DEPLOY / "grafana" / "provisioning" / "datasources" / "dyadrisk.yaml").read_text()
    )
    uids = {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]}
    assert uids == {source["datasources"][0]["uid"]}
    cells = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT text FROM raw_article",
        "SELECT * FROM out_risk_score",
        "DELETE FROM latest_risk",
        "CREATE TABLE x (y int)",
        "SET default_transaction_read_only = off; UPDATE out_risk_score SET prob = 0",
    ],
)
def test_the_analyst_may_do_nothing_else(analyst: Engine, statement: str) -> None:
    with analyst.connect() as conn, pytest.raises(DBAPIError, match=r"denied|read-only|cannot"):
        conn.execute(text(statement))


def test_grants_are_those_of_the_code() -> None:
    kept = [
        line.rstrip(";")
        for line in (SQL / "analyst.sql").read_text().splitlines()
        if line and not line.startswith("--")
    ]
    assert kept == store.view_grants("dyadrisk_analyst")
    with pytest.raises(ConfigError):
        store.view_grants("analyst; DROP TABLE x")
