"""Fetching over HTTP as a good citizen: named, patient, bounded, and only public hosts."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx

from features.errors import RetriableError, SkippableError
from flows.sources.body import read_body
from flows.sources.guard import GuardedTransport
from flows.sources.robots import RobotRules

log = logging.getLogger(__name__)

_RETRIABLE = {408, 425, 429, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 530}
_REDIRECT = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class HttpParams:
    """How requests are made; times in seconds.

    Args:
        contact: address in the User-Agent, so that a host can complain.
        connect_seconds, read_seconds: limits of one wait.
        total_seconds: limit of one response, however it trickles.
        max_bytes: largest body, before and after decompression.
        max_redirects: hops that are followed.
        attempts: tries for what may pass.
        backoff_seconds: first pause between tries; it doubles, with jitter.
        max_wait_seconds: a Retry-After beyond this is left to the next run.
        host_interval_seconds: least time between two requests to one host.
        max_connections: open at once.
        allow_private: whether private and loopback addresses may be reached.
        use_robots: whether robots.txt is obeyed.
    """

    contact: str = ""
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5
    attempts: int = 3
    backoff_seconds: float = 1.0
    max_wait_seconds: float = 30.0
    host_interval_seconds: float = 1.0
    max_connections: int = 16
    allow_private: bool = False
    use_robots: bool = True


@dataclass(frozen=True)
class Fetched:
    """An answer: ``body`` is empty and ``is_unchanged`` set on 304."""

    url: str
    body: bytes
    charset: str | None = None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    is_unchanged: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Redirect:
    """An answer that points elsewhere."""

    target: str


@dataclass
class _Host:
    """When a host may be asked next."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    delay: float = 0.0


def user_agent(contact: str) -> str:
    """Return the name that requests carry."""
    try:
        number = version("dyadrisk")
    except PackageNotFoundError:
        number = "0"
    return f"dyadrisk/{number} (news risk research; {contact or 'contact not set'})"


class Fetcher:
    """Fetches URLs; safe to share between threads; close it or use ``with``."""

    def __init__(
        self,
        params: HttpParams | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.params = params or HttpParams()
        self._sleep, self._clock = sleep, clock
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        self._robots = RobotRules(lambda url: self._follow(url, {}, use_robots=False).body)
        timeout = httpx.Timeout(self.params.read_seconds, connect=self.params.connect_seconds)
        self._client = httpx.Client(
            transport=GuardedTransport(self.params.allow_private, self.params.max_connections),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            headers={
                "User-Agent": user_agent(self.params.contact),
                "Accept-Encoding": "gzip",
                "Accept": "application/rss+xml, application/atom+xml, text/html;q=0.9, */*;q=0.8",
            },
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what a URL answers, following redirects and trying again where sensible.

        Args:
            url: http or https.
            etag: of the last answer, to be told when nothing changed.
            last_modified: the same, as a date.

        Raises:
            SkippableError: trying again would not help; ``reason`` says why.
            RetriableError: it may work later; ``retry_after`` where the host said when.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        return self._follow(url, headers, self.params.use_robots)

    def _follow(self, url: str, headers: dict[str, str], use_robots: bool) -> Fetched:
        """Return the answer at the end of a bounded chain of redirects."""
        seen: list[str] = []
        while len(seen) <= self.params.max_redirects:
            check_url(url)
            delay = self._robots.check(url) if use_robots else 0.0
            seen.append(url)
            found = self._get_patiently(url, headers, delay)
            if isinstance(found, Fetched):
                return found
            url = found.target
            if url in seen:
                raise SkippableError("redirect_loop", f"{url!r} redirects to itself")
        raise SkippableError("redirect_loop", f"more than {self.params.max_redirects} redirects")

    def _get_patiently(self, url: str, headers: dict[str, str], delay: float) -> Fetched | Redirect:
        """Return the answer of one address, asking again while that is sensible."""
        pause = self.params.backoff_seconds
        for attempt in range(1, self.params.attempts + 1):
            try:
                return self._get_once(url, headers, delay)
            except RetriableError as err:
                wait = max(err.retry_after or 0.0, pause * random.uniform(0.5, 1.5))
                if attempt == self.params.attempts or wait > self.params.max_wait_seconds:
                    raise
                log.debug("%s: %s; next try in %.1f s", url, err, wait)
                self._sleep(wait)
                pause *= 2
        raise AssertionError("unreachable")

    def _get_once(self, url: str, headers: dict[str, str], delay: float) -> Fetched | Redirect:
        self._wait_turn(url, delay)
        started = self._clock()
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                return self._read_response(response, url, started)
        except httpx.TimeoutException as err:
            raise RetriableError(f"{url!r} did not answer in time ({type(err).__name__})") from err
        except httpx.TransportError as err:
            raise RetriableError(f"{url!r} broke off: {err}") from err
        except (httpx.InvalidURL, UnicodeError) as err:
            raise SkippableError("bad_url", f"{url!r}: {err}") from err

    def _read_response(
        self, response: httpx.Response, url: str, started: float
    ) -> Fetched | Redirect:
        status = response.status_code
        if status in _REDIRECT:
            return Redirect(_next_url(response, url))
        if status in _RETRIABLE:
            raise RetriableError(f"{url!r} answered {status}", _retry_after(response))
        if status != 304 and not 200 <= status < 300:
            raise SkippableError(f"http_{status}", f"{url!r} answered {status}")
        body = b""
        if status != 304:
            deadline = started + self.params.total_seconds
            body = read_body(response, self.params.max_bytes, deadline, self._clock)
        return Fetched(
            url=url,
            body=body,
            charset=response.charset_encoding,
            content_type=response.headers.get("content-type", "").split(";")[0].strip().lower(),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            is_unchanged=status == 304,
            seconds=self._clock() - started,
        )

    def _wait_turn(self, url: str, delay: float) -> None:
        """Sleep until the host may be asked again."""
        host = self._hosts[urlsplit(url).netloc]
        with host.lock:
            wait = host.next_at - self._clock()
            interval = max(self.params.host_interval_seconds, delay)
            host.next_at = max(self._clock(), host.next_at) + interval
        if wait > 0:
            self._sleep(wait)


def check_url(url: str) -> None:
    """Raise unless a URL is plain http or https with a host and no credentials."""
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError as err:
        raise SkippableError("bad_url", f"{url!r}: {err}") from err
    if not is_sound:
        raise SkippableError("forbidden_scheme", f"expected http or https, got {url!r}")
    if parts.username or parts.password:
        raise SkippableError("bad_url", f"{parts.hostname!r}: a URL may not carry a password")


def _next_url(response: httpx.Response, url: str) -> str:
    location = response.headers.get("location", "")
    if not location:
        raise SkippableError("bad_redirect", f"{url!r} redirects to nowhere")
    try:
        target = str(urljoin(url, location)).split("#")[0]
    except ValueError as err:
        raise SkippableError("bad_redirect", f"{url!r} redirects to {location!r}") from err
    if target == url:
        raise SkippableError("redirect_loop", f"{url!r} redirects to itself")
    check_url(target)
    return target


def _retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of a Retry-After header, given as a number or a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(min(int(text), 86_400))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), 86_400.0)
