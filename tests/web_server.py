"""A web server for tests: real HTTP/1.1 on 127.0.0.1, in threads, with every fault of the web.

put(), redirect(), fail(), handle() -> target -> Answer -> bytes on a socket; each is recorded.
"""

from __future__ import annotations

import gzip
import hashlib
import socket
import socketserver
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import brotli

Coding = Literal["gzip", "br", "deflate"]

_COMPRESS: dict[Coding, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "deflate": zlib.compress,
}
#: Bytes of one piece of a body that drips or never ends.
PIECE = 64
ENDLESS_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answers with, and how badly.

    `headers` replace those of the same name that the server would send itself. `delay` is seconds
    before the status line, `drip` seconds between pieces of `PIECE` bytes, `cut` the number of
    bytes of the body after which the connection is closed although Content-Length says more,
    `endless` repeats the body for ever, `chunked` leaves Content-Length out, `reset` sends nothing
    and resets the connection.
    """

    body: bytes | str = b""
    media_type: str | None = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: bool = True
    last_modified: datetime | str | None = None
    compress: Coding | None = None
    delay: float = 0.0
    drip: float | None = None
    cut: int | None = None
    endless: bool = False
    chunked: bool = False
    reset: bool = False

    @property
    def sent(self) -> bytes:
        """The body as it goes over the wire."""
        plain = self.body.encode() if isinstance(self.body, str) else self.body
        if self.compress is None:
            return plain
        return _COMPRESS[self.compress](plain)


@dataclass(slots=True)
class Request:
    """One request as it arrived; header names are lower-case, `path` includes the query.

    `moment` is `time.monotonic()` at its arrival, `sent_bytes` how much body was sent so far,
    `status` what it was answered with, `ended` when that was done.
    """

    method: str
    path: str
    headers: dict[str, str]
    moment: float
    body: bytes = b""
    sent_bytes: int = 0
    status: int | None = None
    ended: float | None = None


Handler = Callable[[Request], Answer]


class Site:
    """What the server serves; may be changed at any time, from any thread."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._answers: dict[str, Answer] = {}
        self._handlers: dict[str, Handler] = {}
        self._requests: list[Request] = []

    def put(self, path: str, body: bytes | str, **answer: Any) -> None:
        """Serve a body; `path` includes the query, the rest is what `Answer` takes."""
        with self._lock:
            self._handlers.pop(path, None)
            self._answers[path] = Answer(body, **answer)

    def redirect(self, path: str, to: str, status: int = 301) -> None:
        """Redirect; `to` goes into Location as it is."""
        headers = {"Location": to}
        self.put(path, "", status=status, headers=headers, media_type=None, etag=False)

    def fail(self, path: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        """Answer with a status and a page about it."""
        body = f"<title>{status}</title>"
        self.put(path, body, status=status, headers=headers or {}, etag=False)

    def remove(self, path: str) -> None:
        """Answer 404 from now on."""
        with self._lock:
            self._answers.pop(path, None)
            self._handlers.pop(path, None)

    def handle(self, path: str, handler: Handler) -> None:
        """Ask a function, which gets this path with any query that has no answer of its own."""
        with self._lock:
            self._answers.pop(path, None)
            self._handlers[path] = handler

    @property
    def requests(self) -> list[Request]:
        """All requests so far, in order of arrival."""
        with self._lock:
            return list(self._requests)

    def requested(self, path: str) -> list[Request]:
        """The requests for exactly this path and query."""
        return [request for request in self.requests if request.path == path]

    def forget(self) -> None:
        """Start counting requests anew."""
        with self._lock:
            self._requests.clear()

    def arrived(self, request: Request) -> Answer:
        """Record a request; the answer that it is to get."""
        with self._lock:
            self._requests.append(request)
            answer = self._answers.get(request.path)
            handler = self._handlers.get(request.path) or self._handlers.get(
                request.path.partition("?")[0]
            )
        if answer is not None:
            return answer
        if handler is not None:
            return handler(request)
        return Answer("<title>404</title>", status=404, etag=False)


class _Exchange(BaseHTTPRequestHandler):
    """Speaks HTTP for one connection."""

    protocol_version = "HTTP/1.1"
    server: _Server
    #: Headers and body would otherwise wait for each other's acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            moment=time.monotonic(),
            body=self.rfile.read(length),
        )
        answer = self.server.site.arrived(request)
        try:
            self._answer(request, answer)
        except OSError:
            self.close_connection = True
        finally:
            request.ended = time.monotonic()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def _answer(self, request: Request, answer: Answer) -> None:
        if answer.delay:
            self.server.stopped.wait(answer.delay)
        if answer.reset:
            # Closing with a linger time of 0 sends RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        body = answer.sent
        headers = {"Date": self.date_time_string()}
        if answer.media_type is not None:
            headers["Content-Type"] = answer.media_type
        if answer.compress is not None:
            headers["Content-Encoding"] = answer.compress
        if answer.etag:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if answer.last_modified is not None:
            headers["Last-Modified"] = _http_date(answer.last_modified)
        unchanged = answer.status == 200 and _unchanged(request.headers, headers)
        status = 304 if unchanged else answer.status
        bodiless = status in (204, 304) or status < 200
        if not bodiless:
            if answer.chunked or answer.endless:
                headers["Transfer-Encoding"] = "chunked"
            else:
                headers["Content-Length"] = str(len(body))
        own = {name.lower() for name in answer.headers}
        request.status = status
        self.wfile.write(f"HTTP/1.1 {status} {_phrase(status)}\r\n".encode())
        for name, value in headers.items():
            if name.lower() not in own:
                self.wfile.write(f"{name}: {value}\r\n".encode("latin-1"))
        for name, value in answer.headers.items():
            self.wfile.write(f"{name}: {value}\r\n".encode("utf-8", "surrogateescape"))
        self.wfile.write(b"\r\n")
        if bodiless or request.method == "HEAD":
            return
        self._send(request, answer, body)
        if answer.cut is not None:
            self.close_connection = True

    def _send(self, request: Request, answer: Answer, body: bytes) -> None:
        size = PIECE if answer.drip else ENDLESS_PIECE
        chunked = answer.chunked or answer.endless
        if answer.endless:
            body *= max(1, size // max(1, len(body)))
        if answer.cut is not None:
            body = body[: answer.cut]
        while True:
            for start in range(0, len(body), size):
                if answer.drip and start and self.server.stopped.wait(answer.drip):
                    self.close_connection = True
                    return
                piece = body[start : start + size]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                request.sent_bytes += len(piece)
            if not answer.endless or self.server.stopped.wait(answer.drip or 0):
                break
        if chunked and answer.cut is None:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests read `requests`."""


class _Connections(socketserver.ThreadingTCPServer):
    """Keeps its connections, so that stopping ends them too."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[socketserver.BaseRequestHandler]):
        super().__init__(address, handler)
        self.stopped = threading.Event()
        self._open: set[socket.socket] = set()
        self._talks: list[threading.Thread] = []
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._talks = [one for one in self._talks if one.is_alive()]
        self._talks.append(thread)
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away is what many tests are about."""

    def stop(self) -> None:
        self.stopped.set()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._talks:
            thread.join(10)
        self.server_close()


class _Server(_Connections, ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.site = Site(f"http://127.0.0.1:{self.server_address[1]}")


@contextmanager
def _running(server: _Connections) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join(10)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Odd"


def _http_date(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else format_datetime(moment, usegmt=True)


def _unchanged(asked: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Whether a conditional request is answered with 304 (RFC 9110, 13.2.2: ETag goes first)."""
    if "if-none-match" in asked:
        tags = [tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")]
        return headers.get("ETag") in tags or tags == ["*"]
    if "if-modified-since" in asked and "Last-Modified" in headers:
        try:
            since = parsedate_to_datetime(asked["if-modified-since"])
            return parsedate_to_datetime(headers["Last-Modified"]) <= since
        except ValueError:
            return asked["if-modified-since"] == headers["Last-Modified"]
    return False


@contextmanager
def web_server() -> Iterator[Site]:
    """A running server; it stops, with all its connections, where the block ends."""
    server = _Server()
    with _running(server):
        yield server.site


#: What a raw server does with one connection; it is closed afterwards. The event is set when the
#: server stops.
Talk = Callable[[socket.socket, threading.Event], None]


class _Talker(socketserver.BaseRequestHandler):
    server: _RawServer

    def handle(self) -> None:
        self.request.settimeout(30)
        with suppress(OSError):
            self.server.talk(self.request, self.server.stopped)


class _RawServer(_Connections, socketserver.ThreadingTCPServer):
    def __init__(self, talk: Talk) -> None:
        super().__init__(("127.0.0.1", 0), _Talker)
        self.talk = talk


@contextmanager
def raw_server(talk: Talk) -> Iterator[int]:
    """The port of a server that does with each connection whatever a function does."""
    server = _RawServer(talk)
    with _running(server):
        yield int(server.server_address[1])


def after_request(talk: Talk) -> Talk:
    """Read one HTTP request first."""

    def read_and_talk(connection: socket.socket, stopped: threading.Event) -> None:
        read = b""
        while b"\r\n\r\n" not in read and (more := connection.recv(65536)):
            read += more
        talk(connection, stopped)

    return read_and_talk
