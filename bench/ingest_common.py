"""Made-up articles of any number and size for the ingest benches, the same for the same seed."""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

COUNTRIES = ("Peru", "Chile", "Ghana", "Togo", "Laos", "Nepal", "Fiji", "Oman", "Mali", "Cuba")
VERBS = ("warned", "met", "accused", "thanked", "invited", "sued", "joined", "refused", "praised")
NOUNS = ("border", "fishing", "gas", "river", "rail", "copper", "visa", "grain", "port", "dam")
FURNITURE = ["0", "5", "Share on Facebook", "Advertisement", "LEAVE A REPLY", "Your comment"]


def write_text(rng: random.Random, chars: int) -> str:
    """Return sentences of about so many characters in all."""
    parts: list[str] = []
    size = 0
    while size < chars:
        word = rng.randrange(10**6)
        sentence = (
            f"The {rng.choice(NOUNS)} minister of {rng.choice(COUNTRIES)} {rng.choice(VERBS)}"
            f" the envoy of {rng.choice(COUNTRIES)} over case {word} of the {rng.choice(NOUNS)}"
            f" dispute, officials said on the day after talks {rng.choice(NOUNS)}-{word % 977}."
        )
        parts.append(sentence)
        size += len(sentence) + 1
    return " ".join(parts)


def write_records(count: int, chars: int, seed: int = 1, copies: float = 0.2) -> Iterator[str]:
    """Yield JSON lines; a share of them are near-copies of earlier ones at other outlets."""
    rng = random.Random(seed)
    recent: list[str] = []
    for number in range(count):
        if recent and rng.random() < copies:
            text = rng.choice(recent) + f" This copy is number {number}."
        else:
            text = write_text(rng, chars)
            recent = [*recent[-200:], text]
        body = "\n".join([text, *FURNITURE[: rng.randrange(3)]])
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(2))
        yield json.dumps(
            {
                "url": f"https://outlet{number % 997}.example/{day:%Y/%m/%d}/{seed}-{number}",
                "date": f"{day.isoformat()}T{rng.randrange(24):02}:00:00Z",
                "title": f"Ministers meet over case {seed}-{number}",
                "outlet": f"Outlet {number % 997}",
                "text": body,
            }
        )


def write_jsonl(path: Path, count: int, chars: int, seed: int = 1) -> None:
    """Write a file of such records."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in write_records(count, chars, seed))


def write_page(rng: random.Random, chars: int) -> str:
    """Return an article page with the furniture of a real one."""
    body = "".join(f"<p>{write_text(rng, 350)}</p>" for _ in range(max(chars // 350, 1)))
    links = "".join(f'<li><a href="/s{n}">Section number {n}</a></li>' for n in range(40))
    related = "".join(f'<li><a href="/r{n}">{write_text(rng, 60)}</a></li>' for n in range(15))
    return f"""<!doctype html><html lang="en"><head><title>Talks | Example</title>
<meta property="og:title" content="Talks"><meta property="og:site_name" content="Example">
<meta property="article:published_time" content="2026-01-09T10:00:00Z">
<style>body{{margin:0}}</style><script>var a=1;</script></head><body>
<header><nav><ul>{links}</ul></nav></header><div class="cookie">We use cookies.</div>
<main><article><h1>Talks</h1><div class="share"><span>0</span><span>5</span></div>{body}</article>
<aside><h3>Related</h3><ul>{related}</ul></aside></main>
<section id="comments"><h3>LEAVE A REPLY</h3><form><label>Name</label></form></section>
<footer><ul>{links}</ul>© 2026 Example</footer></body></html>"""


class Clock:
    """Wall and CPU seconds since the start, children of this process included."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), _cpu()

    def read(self) -> tuple[float, float]:
        """Return wall seconds and CPU seconds."""
        return time.perf_counter() - self.wall, _cpu() - self.cpu


def _cpu() -> float:
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def peak_megabytes() -> tuple[float, float]:
    """Return the peak memory of this process and of its largest child so far, in MB."""
    return (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )
