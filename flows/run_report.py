"""The markdown report of a daily run, as Prefect's UI shows it. Values in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flows.figures import percent, percent_range, points
from flows.text import plain, safe_link

if TYPE_CHECKING:
    from flows.daily import DailyReport

Row = Mapping[str, Any]

_SENTENCE_CHARS = 160
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>|#!~$"})


@dataclass(frozen=True)
class RunTables:
    """What the store says after a run.

    Args:
        top: highest pairs, with their changes.
        movers: pairs that moved most in seven days.
        evidence: the strongest sentence behind a pair, by pair.
        drift: feature columns that moved away from the training data.
        sources: sources that are not well.
    """

    top: Sequence[Row] = ()
    movers: Sequence[Row] = ()
    evidence: Mapping[str, Row] = field(default_factory=dict)
    drift: Sequence[Row] = ()
    sources: Sequence[Row] = ()


def escape(text: str, limit: int | None = None) -> str:
    r"""Return text that markdown shows as it is.

    Example:
        >>> escape("a|b *c* <script>")
        'a\\|b \\*c\\* \\<script\\>'
    """
    return plain(text, limit).translate(_SPECIAL)


def link(words: str, url: str | None) -> str:
    """Return a markdown link, or the words alone when the address is no web address.

    Example:
        >>> link("BBC", "https://news.example/a_(b)"), link("BBC", "javascript:x")
        ('[BBC](https://news.example/a_%28b%29)', 'BBC')
    """
    target = safe_link(url)
    if target is None:
        return escape(words)
    return f"[{escape(words)}]({target.replace('(', '%28').replace(')', '%29')})"


def render_report(report: DailyReport, tables: RunTables) -> str:
    """Return the run report as markdown; article text in it is made inert."""
    lines = [
        f"# Daily run as of {report.as_of_date}",
        "",
        *_failure_lines(report),
        *_section("Counts", _count_lines(report)),
        *_section("Highest pairs (force within 30 days)", _pair_table(tables.top, tables.evidence)),
        *_section("Moved most in seven days", _pair_table(tables.movers, tables.evidence)),
        *_section("Drift from the training data", _drift_lines(tables.drift)),
        *_section("Sources that are not well", _source_lines(tables.sources)),
        *_section("Seconds a stage", _second_lines(report.seconds)),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, body: Iterable[str]) -> list[str]:
    return [f"## {title}", "", *body, ""]


def _failure_lines(report: DailyReport) -> Iterator[str]:
    failures = report.ingest.source_failures if report.ingest else {}
    if failures:
        one = len(failures) == 1
        what, them = ("1 source", "it") if one else (f"{len(failures)} sources", "them")
        yield f"**Degraded: {what} failed; the day was scored without {them}.**"
        yield ""
        for source, error in sorted(failures.items()):
            yield f"- {escape(source)}: {escape(error, _SENTENCE_CHARS)}"
        yield ""


def _count_lines(report: DailyReport) -> Iterator[str]:
    ingest, score = report.ingest, report.score
    if ingest is not None:
        yield (
            f"- items read {ingest.read}, new articles {ingest.new}, updated {ingest.updated},"
            f" known {ingest.duplicate}, refused {ingest.rejected_count}"
        )
        for reason, count in sorted(ingest.rejected.items()):
            yield f"    - refused as {escape(reason)}: {count}"
    yield (
        f"- articles coded {report.extract.article_count},"
        f" new events {report.extract.event_count}, days counted {report.day_count}"
    )
    if score is not None:
        yield f"- pairs scored {score.pair_count}"
        yield f"- coverage: news on {score.coverage:.0%} of the past 30 days"


def _pair_table(rows: Sequence[Row], evidence: Mapping[str, Row]) -> Iterator[str]:
    if not rows:
        yield "None."
        return
    yield "| pair | level | probability | interval | 1 day | 7 days | top driver | evidence |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {row['dyad']} | {row['level']} | {percent(row['prob'])} "
            f"| {percent_range(row['prob_low'], row['prob_high'])} "
            f"| {points(row['change_1d'])} | {points(row['change_7d'])} "
            f"| {escape(row['top_driver'] or '')} | {_sentence(evidence.get(row['dyad']))} |"
        )


def _sentence(row: Row | None) -> str:
    if row is None:
        return ""
    where = link(str(row["outlet"] or "source"), row["url"])
    return f"{escape(str(row['sentence']), _SENTENCE_CHARS)} ({where})"


def _drift_lines(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield "None."
        return
    yield "| column | stability index | level |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| {escape(row['column_name'])} | {row['psi']:.2f} | {row['level']} |"


def _source_lines(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield "None."
        return
    yield "| source | state | failures | last success | last error |"
    yield "|---|---|---|---|---|"
    for row in rows:
        seen = row["last_success_at"]
        yield (
            f"| {link(row['outlet'], row['url'])} | {row['state']} | {row['failure_count']} "
            f"| {'never' if seen is None else f'{seen:%Y-%m-%d %H:%M}'} "
            f"| {escape(row['last_error'] or '', _SENTENCE_CHARS)} |"
        )


def _second_lines(seconds: Mapping[str, float]) -> Iterator[str]:
    yield "| stage | seconds |"
    yield "|---|---|"
    for stage, spent in seconds.items():
        yield f"| {stage} | {spent:.1f} |"
    yield f"| all | {sum(seconds.values()):.1f} |"
