"""What robots.txt permits. Fetching is handed in; rules are kept per host."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from features.errors import RetriableError, SkippableError
from flows.sources.decode import decode_bytes

log = logging.getLogger(__name__)

AGENT = "dyadrisk"
_MAX_BYTES = 500_000
_MAX_DELAY = 30.0

FetchText = Callable[[str], bytes]


class RobotRules:
    """Answers whether a URL may be fetched, asking each host once.

    A missing robots.txt (4xx) permits all; one that cannot be reached (5xx,
    time-out) permits nothing for now, as search engines take it.
    """

    def __init__(self, fetch: FetchText) -> None:
        self._fetch = fetch
        self._rules: dict[str, RobotFileParser] = {}
        self._lock = threading.Lock()

    def check(self, url: str) -> float:
        """Return the delay in seconds that the host asks for between requests.

        Raises:
            SkippableError: ``robots`` when the URL is off limits.
            RetriableError: robots.txt cannot be read now.
        """
        rules = self._find_rules(url)
        if not rules.can_fetch(AGENT, url):
            raise SkippableError("robots", f"robots.txt keeps robots off {url!r}")
        delay = rules.crawl_delay(AGENT)
        return min(float(delay or 0.0), _MAX_DELAY)

    def _find_rules(self, url: str) -> RobotFileParser:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            known = self._rules.get(host)
        if known is None:
            known = self._read_rules(f"{host}/robots.txt")
            with self._lock:
                self._rules[host] = known
        return known

    def _read_rules(self, url: str) -> RobotFileParser:
        rules = RobotFileParser(url)
        try:
            text = decode_bytes(self._fetch(url)[:_MAX_BYTES])
        except SkippableError as err:
            log.debug("no robots.txt at %s: %s", url, err)
            text = ""
        except RetriableError as err:
            raise RetriableError(f"cannot read {url}: {err}", err.retry_after) from err
        rules.parse(text.splitlines())
        return rules
