"""A hostile internet on the loopback: one address for each way in which the network fails."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ROBOTS = "User-agent: *\nDisallow: /private/\n"
SENTENCES = (
    "The foreign minister of Peru met his Bolivian counterpart in Lima on Friday.",
    "Both sides agreed to reopen the crossing at the lake within the month.",
    "Earlier in the week Bolivia had threatened to close its market to Peruvian fish.",
    "A joint commission will look into the seizure of two patrol boats.",
    "The talks go on in La Paz next week, the ministry of Peru said in a statement.",
)


def write_text(key: str) -> str:
    """Return a short article whose words depend on the key."""
    return " ".join(f"{line[:-1]} under file {key}-{n}." for n, line in enumerate(SENTENCES))


def write_page(key: str, charset: str = "utf-8", extra: str = "") -> bytes:
    """Return an article page with all the furniture of a real one."""
    body = "".join(f"<p>{s[:-1]} under file {key}-{n}.</p>" for n, s in enumerate(SENTENCES))
    html = f"""<!doctype html><html lang="en"><head><title>Talks {key} | Hostile Times</title>
<meta property="og:title" content="Talks on file {key}"></head><body>
<div id="cookie-banner"><p>We use cookies to give you the best experience.</p></div>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Talks on file {key}</h1><div class="share"><span>0</span><span>5</span></div>
{body}{extra}</article>
<section id="comments"><h3>LEAVE A REPLY</h3><p>Please enter your comment!</p></section>
<footer>© 2026 Hostile Times. All rights reserved.</footer></body></html>"""
    return html.encode(charset, "xmlcharrefreplace")


def write_item(
    link: str, key: str, date: str = "Fri, 09 Jan 2026 10:00:00 GMT", guid: str | None = None
) -> str:
    """Return one RSS item."""
    return (
        f"<item><title>Talks on file {key}</title><link>{link}</link><guid>{guid or link}</guid>"
        f"<pubDate>{date}</pubDate><description>{write_text(key)}</description></item>"
    )


def write_feed(*items: str) -> bytes:
    """Return an RSS document."""
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
    return f"{head}<title>Hostile Times</title>{''.join(items)}</channel></rss>".encode()


@dataclass
class Hostile:
    """The running server: its address, what was asked of it, and what it should answer."""

    base: str = ""
    port: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    corrected_at: datetime = datetime(2026, 1, 9, 10, tzinfo=UTC)
    stop: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.base + path


Answer = Callable[["Handler", Hostile], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each path in its own bad way."""

    protocol_version = "HTTP/1.1"
    hostile: Hostile

    def do_GET(self) -> None:
        """Answer."""
        path = self.path.split("?")[0]
        self.hostile.hits[path] += 1
        self.hostile.agents.add(self.headers.get("User-Agent", ""))
        route = next((r for r in ROUTES if path.startswith(r)), None)
        if route is None:
            self.send(404, b"no such page")
            return
        try:
            ROUTES[route](self, self.hostile)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def send(self, status: int, body: bytes, kind: str = "text/plain", **headers: str) -> None:
        """Send a whole answer; header names are given with underscores."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def feed(self, *items: str, **headers: str) -> None:
        """Send a feed."""
        self.send(200, write_feed(*items), "application/rss+xml", **headers)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _good(handler: Handler, hostile: Hostile) -> None:
    if handler.headers.get("If-None-Match") == '"v1"':
        handler.send_response(304)
        handler.send_header("ETag", '"v1"')
        handler.end_headers()
        return
    items = [write_item(hostile.url(f"/pages/good{n}"), f"good{n}") for n in range(3)]
    handler.feed(*items, ETag='"v1"', Last_Modified="Fri, 09 Jan 2026 10:00:00 GMT")


def _page(handler: Handler, hostile: Hostile) -> None:
    key = handler.path.rsplit("/", 1)[-1]
    handler.send(200, write_page(key), "text/html; charset=utf-8")


def _redirect(target: str) -> Answer:
    def answer(handler: Handler, hostile: Hostile) -> None:
        handler.send(302, b"", Location=target.replace("{base}", hostile.base))

    return answer


def _chain(handler: Handler, hostile: Hostile) -> None:
    number = int(handler.path.rsplit("/", 1)[-1])
    handler.send(301, b"", Location=f"/chain/{number + 1}")


def _status(status: int, **headers: str) -> Answer:
    return lambda handler, hostile: handler.send(status, b"oh no", **headers)


def _once(status: int, path: str, **headers: str) -> Answer:
    def answer(handler: Handler, hostile: Hostile) -> None:
        if hostile.hits[path] == 1:
            handler.send(status, b"wait", **headers)
        else:
            handler.feed(write_item(hostile.url(f"/pages{path}"), path.strip("/")))

    return answer


def _slow(handler: Handler, hostile: Hostile) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not hostile.stop.wait(0.1):
        handler.wfile.write(b"<")
        handler.wfile.flush()


def _hang(handler: Handler, hostile: Hostile) -> None:
    hostile.stop.wait(30)


def _short(handler: Handler, hostile: Hostile) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<rss><channel>")
    handler.wfile.flush()
    handler.close_connection = True


@cache
def make_bomb(megabytes: int = 200) -> bytes:
    """Return a small gzip file that expands to so many megabytes."""
    machine = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = b"\0" * 1_000_000
    return b"".join(machine.compress(zeros) for _ in range(megabytes)) + machine.flush()


def _bomb(handler: Handler, hostile: Hostile) -> None:
    handler.send(200, make_bomb(), "application/rss+xml", Content_Encoding="gzip")


def _huge(handler: Handler, hostile: Hostile) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(200_000_000))
    handler.end_headers()
    handler.wfile.write(b"x" * 1000)


def _endless(handler: Handler, hostile: Hostile) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while not hostile.stop.is_set():
        handler.wfile.write(piece)


def _garbage(handler: Handler, hostile: Hostile) -> None:
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n")
    handler.close_connection = True


def _xml(body: str) -> Answer:
    return lambda handler, hostile: handler.send(200, body.encode(), "application/rss+xml")


def _cut_feed(handler: Handler, hostile: Hostile) -> None:
    body = write_feed(
        write_item(hostile.url("/pages/cut0"), "cut0"), write_item(hostile.url("/pages/cut1"), "c1")
    )
    handler.send(200, body[:-180], "application/rss+xml")


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss><channel><title>&j;</title></channel></rss>"
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><title>&x;</title><description>&x;</description></item></channel></rss>"
)


def _charset(handler: Handler, hostile: Hostile) -> None:
    extra = "<p>The envoy flew on to Bogotá and to São Paulo, said the ministry.</p>"
    page = write_page("charset", "latin-1", extra)
    handler.send(200, page, "text/html; charset=utf-8")


def _feed_of(path: str, key: str, date: str = "Fri, 09 Jan 2026 10:00:00 GMT") -> Answer:
    return lambda handler, hostile: handler.feed(write_item(hostile.url(path), key, date))


def _twins(handler: Handler, hostile: Hostile) -> None:
    handler.feed(
        write_item(hostile.url("/pages/twin"), "twin", guid="same"),
        write_item(hostile.url("/pages/twin-b"), "twin-b", guid="same"),
        write_item(hostile.url("/pages/twin?utm_source=rss"), "twin", guid="other"),
    )


def _changing(handler: Handler, hostile: Hostile) -> None:
    number = hostile.hits["/changing.xml"]
    date = f"Fri, 09 Jan 2026 1{number}:00:00 GMT"
    handler.feed(write_item(hostile.url("/edited"), f"edit{number}", date))


def _edited(handler: Handler, hostile: Hostile) -> None:
    handler.send(200, write_page(f"edit{hostile.hits['/edited']}"), "text/html")


def _corrected(handler: Handler, hostile: Hostile) -> None:
    """Tell of one change, from the second look on, without another date or headline."""
    if hostile.hits["/corrected.xml"] == 2:
        hostile.corrected_at = datetime.now(UTC) + timedelta(minutes=1)
    changed = f"<a:updated>{hostile.corrected_at:%Y-%m-%dT%H:%M:%SZ}</a:updated>"
    space = 'xmlns:a="http://www.w3.org/2005/Atom"'
    item = write_item(hostile.url("/corrected"), "corrected").replace("<guid>", f"{changed}<guid>")
    body = f"<rss {space}><channel><title>Hostile Times</title>{item}</channel></rss>"
    handler.send(200, body.encode(), "application/rss+xml")


def _corrected_page(handler: Handler, hostile: Hostile) -> None:
    extra = f"<p>The ministry of Peru gave the number {hostile.hits['/corrected']}.</p>"
    handler.send(200, write_page("corrected", extra=extra), "text/html")


def _deep(handler: Handler, hostile: Hostile) -> None:
    handler.send(200, b"<html><body>" + b"<div>" * 50_000 + b"x", "text/html")


def _sitemap(handler: Handler, hostile: Hostile) -> None:
    urls = "".join(
        f"<url><loc>{hostile.url(f'/pages/map{n}')}</loc><lastmod>2026-01-0{n + 1}</lastmod></url>"
        for n in range(2)
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    handler.send(200, gzip.compress(f"<urlset {space}>{urls}</urlset>".encode()), "text/xml")


ROUTES: dict[str, Answer] = {
    "/robots.txt": lambda h, _: h.send(200, ROBOTS.encode()),
    "/good.xml": _good,
    "/pages/": _page,
    "/loop1": _redirect("/loop2"),
    "/loop2": _redirect("/loop1"),
    "/chain/": _chain,
    "/to-file": _redirect("file:///etc/passwd"),
    "/to-loopback": _redirect("http://127.0.0.2:9/secret"),
    "/to-metadata": _redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-good": _redirect("/good.xml"),
    "/nowhere": _redirect(""),
    "/busy-once": _once(429, "/busy-once", Retry_After="0"),
    "/busy": _status(429, Retry_After="3600"),
    "/down-once": _once(500, "/down-once"),
    "/down": _status(500),
    "/gone": _status(410),
    "/login": _status(401),
    "/slow": _slow,
    "/hang": _hang,
    "/short": _short,
    "/bomb": _bomb,
    "/huge": _huge,
    "/endless": _endless,
    "/garbage": _garbage,
    "/empty": lambda h, _: h.send(200, b""),
    "/brotli": lambda h, _: h.send(200, b"\x0b\x02\x80", Content_Encoding="br"),
    "/broken-gzip": lambda h, _: h.send(200, b"not gzip", Content_Encoding="gzip"),
    "/cut.xml": _cut_feed,
    "/broken.xml": _xml("<rss><channel><item><title>no end"),
    "/not-a-feed.xml": _xml("<?xml version='1.0'?><catalog><book/></catalog>"),
    "/laughs.xml": _xml(LAUGHS),
    "/external.xml": _xml(EXTERNAL),
    "/html.xml": lambda h, _: h.send(200, write_page("html"), "application/rss+xml"),
    "/charset.xml": _feed_of("/charset-page", "charset"),
    "/charset-page": _charset,
    "/future.xml": _feed_of("/pages/future", "future", "Fri, 09 Jan 2099 10:00:00 GMT"),
    "/twins.xml": _twins,
    "/changing.xml": _changing,
    "/edited": _edited,
    "/corrected.xml": _corrected,
    "/corrected": _corrected_page,
    "/deep.xml": _feed_of("/deep-page", "deep"),
    "/deep-page": _deep,
    "/robots.xml": _feed_of("/private/page", "private"),
    "/private/": _page,
    "/sitemap.xml.gz": _sitemap,
}


class QuietServer(ThreadingHTTPServer):
    """Does not print when a client has had enough."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@contextmanager
def run_hostile_server() -> Iterator[Hostile]:
    """Serve on a free port of the loopback until the block ends."""
    hostile = Hostile()
    make_bomb()
    handler = type("BoundHandler", (Handler,), {"hostile": hostile})
    server = QuietServer(("127.0.0.1", 0), handler)
    hostile.port = server.server_address[1]
    hostile.base = f"http://127.0.0.1:{hostile.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hostile
    finally:
        hostile.stop.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
        time.sleep(0.05)
