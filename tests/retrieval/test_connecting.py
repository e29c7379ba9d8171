"""Connections: TLS, HTTP/2, proxies; each against a small real one."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import h2.settings
import pytest
import trustme

from retrieval.errors import FetchError, SourceError
from retrieval.web.hosts import Hosts
from retrieval.web.http import Web
from tests.web_server import Site, Talk, raw_server, web_server

#: Made anew each time: a key has no place among the files of a project.
AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("localhost", "secure.example")


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The authority of these tests is one that we trust."""
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def new_web(*, proxy: str | None = None, allow_private: bool = True, timeout: float = 10) -> Web:
    return Web(
        user_agent="archive-bot/0",
        hosts=Hosts(pause=0),
        proxy=proxy,
        allow_private=allow_private,
        timeout=timeout,
        deadline=20,
    )


def get(url: str, **settings: object) -> bytes:
    web = new_web(**settings)  # type: ignore[arg-type]  # each test gives what it is about
    try:
        return web.get(url, crawled=False).body
    finally:
        web.close()


def refusal(url: str, **settings: object) -> str:
    with pytest.raises(FetchError) as raised:
        get(url, **settings)
    assert "\n" not in str(raised.value)
    return str(raised.value)


# --- TLS and HTTP/2 --------------------------------------------------------------------------


def secured(protocols: list[str], talk: Talk) -> Talk:
    """TLS on top of a raw connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    context.set_alpn_protocols(protocols)

    def wrap_and_talk(connection: socket.socket, stopped: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            talk(wrapped, stopped)

    return wrap_and_talk


def http1(connection: socket.socket, stopped: threading.Event) -> None:
    while b"\r\n\r\n" not in connection.recv(65536):
        pass
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nversion")


@dataclass
class Http2:
    """Answers every request with its path, `times` over; `settings` are announced first."""

    times: int = 1
    settings: dict[h2.settings.SettingCodes, int] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    connections: int = 0

    def __call__(self, connection: socket.socket, stopped: threading.Event) -> None:
        self.connections += 1
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        state.local_settings = h2.settings.Settings(client=False, initial_values=self.settings)
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    assert event.headers is not None
                    path = dict(event.headers)[b":path"]
                    self.paths.append(path.decode())
                    state.send_headers(event.stream_id, [(":status", "200"), ("etag", '"two"')])
                    for _ in range(self.times):
                        if state.local_flow_control_window(event.stream_id) < len(path):
                            break
                        state.send_data(event.stream_id, path)
                    if self.times == 1:
                        state.end_stream(event.stream_id)
            connection.sendall(state.data_to_send())


@pytest.mark.usefixtures("trusted")
def test_tls_with_http1() -> None:
    with raw_server(secured(["http/1.1"], http1)) as port:
        assert get(f"https://localhost:{port}/") == b"version"


@pytest.mark.usefixtures("trusted")
def test_http2_is_spoken_where_it_is_offered() -> None:
    server = Http2()
    with raw_server(secured(["h2", "http/1.1"], server)) as port:
        web = new_web()
        response = web.get(f"https://localhost:{port}/a?b", crawled=False)
        assert (response.body, response.etag) == (b"/a?b", '"two"')
        assert web.get(f"https://localhost:{port}/c", crawled=False).body == b"/c"
        web.close()
    assert server.paths == ["/a?b", "/c"]
    assert server.connections == 1, "one connection serves both"


@pytest.mark.usefixtures("trusted")
def test_a_body_without_an_end_over_http2_leaves_nothing_behind() -> None:
    server = Http2(times=100_000)
    with raw_server(secured(["h2"], server)) as port:
        web = Web(
            user_agent="archive-bot/0",
            hosts=Hosts(pause=0),
            allow_private=True,
            timeout=5,
            largest=1000,
        )
        for _ in range(2):
            with pytest.raises(FetchError, match="larger than 1000 bytes"):
                web.get(f"https://localhost:{port}/abc", crawled=False)
        web.close()
    assert server.connections == 2


@pytest.mark.timeout(60)
@pytest.mark.usefixtures("trusted")
def test_a_server_that_takes_no_requests_stops_nobody() -> None:
    server = Http2(settings={h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 0})
    with raw_server(secured(["h2"], server)) as port:
        assert f"https://localhost:{port}/a" in refusal(f"https://localhost:{port}/a")


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k))
    with raw_server(secured(["http/1.1"], http1)) as port:
        assert "certificate" in refusal(f"https://other.example:{port}/")
        assert get(f"https://secure.example:{port}/") == b"version"


def test_a_certificate_of_nobody_is_refused() -> None:
    with raw_server(secured(["http/1.1"], http1)) as port:
        text = refusal(f"https://localhost:{port}/")
    assert "certificate" in text
    assert f"https://localhost:{port}/" in text


# --- proxies ---------------------------------------------------------------------------------


def relay(one: socket.socket, other: socket.socket, stopped: threading.Event) -> None:
    while not stopped.is_set():
        for ready in select.select([one, other], [], [], 0.05)[0]:
            data = ready.recv(65536)
            if not data:
                return
            (other if ready is one else one).sendall(data)


def head_of(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
        head += more
    return head


@dataclass
class HttpProxy:
    """Forwards to this machine whatever host is asked for, and remembers what was."""

    login: bytes | None = None
    asked: list[str] = field(default_factory=list)

    def __call__(self, connection: socket.socket, stopped: threading.Event) -> None:
        head = head_of(connection)
        if not head:
            return
        method, target, _ = head.split(b"\r\n")[0].split()
        self.asked.append(f"{method.decode()} {target.decode()}")
        if self.login is not None and b"Basic " + self.login not in head:
            connection.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
            )
            return
        host = target if method == b"CONNECT" else target.split(b"/")[2]
        with socket.create_connection(("127.0.0.1", int(host.rpartition(b":")[2])), 10) as far:
            if method == b"CONNECT":
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                path = b"/" + b"/".join(target.split(b"/")[3:])
                far.sendall(head.replace(target, path, 1))
            relay(connection, far, stopped)


@dataclass
class SocksProxy:
    """SOCKS5 (RFC 1928, 1929): connects to this machine, and remembers the names asked for."""

    login: tuple[bytes, bytes] | None = None
    reply: int = 0
    asked: list[str] = field(default_factory=list)

    def __call__(self, connection: socket.socket, stopped: threading.Event) -> None:
        method = 0 if self.login is None else 2
        hello = connection.recv(300)
        if method not in hello[2:]:
            connection.sendall(b"\x05\xff")
            return
        connection.sendall(bytes([5, method]))
        if self.login is not None:
            user, password = self.login
            said = connection.recv(600)
            wanted = bytes([1, len(user)]) + user + bytes([len(password)]) + password
            connection.sendall(bytes([1, 0 if said == wanted else 1]))
            if said != wanted:
                return
        request = connection.recv(300)
        kind, rest = request[3], request[4:]
        host = rest[1 : 1 + rest[0]].decode() if kind == 3 else socket.inet_ntoa(rest[:4])
        port = int.from_bytes(request[-2:], "big")
        self.asked.append(f"{host}:{port}")
        connection.sendall(bytes([5, self.reply, 0, 1, 127, 0, 0, 1, 0, 0]))
        if self.reply == 0:
            with socket.create_connection(("127.0.0.1", port), 10) as far:
                relay(connection, far, stopped)


def port_of(site: Site) -> str:
    return site.address.rpartition(":")[2]


def test_through_an_http_proxy(site: Site) -> None:
    """The name is one that only the proxy knows; the proxy itself may be in our own network."""
    site.put("/a", "x")
    proxy = HttpProxy()
    url = f"http://blog.example.org:{port_of(site)}/a"
    with raw_server(proxy) as port:
        assert get(url, proxy=f"http://127.0.0.1:{port}", allow_private=False) == b"x"
    assert proxy.asked == [f"GET {url}"]
    assert site.requests[0].headers["user-agent"] == "archive-bot/0"


@pytest.mark.usefixtures("trusted")
def test_tls_through_proxies_reaches_to_the_server() -> None:
    http_proxy, socks_proxy = HttpProxy(), SocksProxy()
    with (
        raw_server(secured(["h2", "http/1.1"], Http2())) as far,
        raw_server(http_proxy) as http_port,
        raw_server(socks_proxy) as socks_port,
    ):
        url = f"https://secure.example:{far}/a"
        assert get(url, proxy=f"http://127.0.0.1:{http_port}", allow_private=False) == b"/a"
        assert get(url, proxy=f"socks5://127.0.0.1:{socks_port}", allow_private=False) == b"/a"
    assert http_proxy.asked == [f"CONNECT secure.example:{far}"]
    assert socks_proxy.asked == [f"secure.example:{far}"]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_through_a_socks_proxy(site: Site, scheme: str) -> None:
    site.put("/a", "x")
    proxy = SocksProxy()
    url = f"http://blog.example.org:{port_of(site)}/a"
    with raw_server(proxy) as port:
        assert get(url, proxy=f"{scheme}://127.0.0.1:{port}", allow_private=False) == b"x"
    assert proxy.asked == [f"blog.example.org:{port_of(site)}"], "names are looked up behind it"


def test_proxies_that_want_a_password(site: Site) -> None:
    site.put("/a", "x")
    url = f"http://blog.example.org:{port_of(site)}/a"
    with (
        raw_server(HttpProxy(login=b"bWU6cEBzcw==")) as http_port,
        raw_server(SocksProxy(login=(b"me", b"p@ss"))) as socks_port,
    ):
        assert get(url, proxy=f"http://me:p%40ss@127.0.0.1:{http_port}") == b"x"
        assert get(url, proxy=f"socks5://me:p%40ss@127.0.0.1:{socks_port}") == b"x"
        for proxy in (
            f"socks5://me:wrong@127.0.0.1:{socks_port}",
            f"socks5://127.0.0.1:{socks_port}",
            f"http://me:wrong@127.0.0.1:{http_port}",
        ):
            text = refusal(url, proxy=proxy)
            assert url in text
            assert "wrong" not in text
            assert "proxy" in text.lower()


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 10.1.2.3 [::1] [::ffff:7f00:1] 2130706433 0x7f.1 localhost a.localhost box.local"
    " metadata.google.internal redis".split(),
)
def test_a_proxy_is_asked_for_nothing_private(host: str) -> None:
    http_proxy, socks_proxy = HttpProxy(), SocksProxy()
    with raw_server(http_proxy) as http_port, raw_server(socks_proxy) as socks_port:
        for proxy in (f"http://127.0.0.1:{http_port}", f"socks5h://127.0.0.1:{socks_port}"):
            text = refusal(f"http://{host}:9/a", proxy=proxy, allow_private=False)
            assert "`allow_private`" in text
    assert http_proxy.asked == socks_proxy.asked == []


def test_a_redirect_behind_a_proxy_leads_to_nothing_private(site: Site) -> None:
    site.redirect("/a", f"http://127.0.0.1:{port_of(site)}/secret")
    url = f"http://blog.example.org:{port_of(site)}/a"
    with raw_server(SocksProxy()) as port:
        text = refusal(url, proxy=f"socks5://127.0.0.1:{port}", allow_private=False)
    assert "`allow_private`" in text
    assert [request.path for request in site.requests] == ["/a"]


def test_a_proxy_that_is_not_there_or_cannot(site: Site) -> None:
    url = f"http://blog.example.org:{port_of(site)}/a"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = taken.getsockname()[1]
    for proxy in (f"http://127.0.0.1:{gone}", f"socks5://127.0.0.1:{gone}"):
        assert url in refusal(url, proxy=proxy)
    with raw_server(SocksProxy(reply=5)) as port:
        assert "refused" in refusal(url, proxy=f"socks5://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "said", [b"", b"\x05", b"\x04\x5a\0\0\0\0\0\0", b"HTTP/1.1 400 Bad\r\n\r\n"]
)
def test_a_proxy_that_speaks_something_else(site: Site, said: bytes) -> None:
    def mumble(connection: socket.socket, stopped: threading.Event) -> None:
        connection.recv(300)
        connection.sendall(said)

    url = f"https://blog.example.org:{port_of(site)}/a"
    with raw_server(mumble) as port:
        for scheme in ("socks5", "http"):
            assert url in refusal(url, proxy=f"{scheme}://127.0.0.1:{port}", timeout=2)


@pytest.mark.timeout(60)
def test_a_socks_proxy_that_says_nothing_is_given_up(site: Site) -> None:
    def silent(connection: socket.socket, stopped: threading.Event) -> None:
        stopped.wait(30)

    with raw_server(silent) as port:
        text = refusal(site.address, proxy=f"socks5://127.0.0.1:{port}", timeout=0.3)
    assert "0.3 seconds" in text


@pytest.mark.parametrize(
    "proxy",
    [
        "",
        "127.0.0.1:8080",
        "ftp://me:secret@a/",
        "socks4://a:1",
        "http://",
        "http://me:se cret@[::",
    ],
)
def test_a_proxy_that_is_none(proxy: str) -> None:
    with pytest.raises(SourceError) as raised:
        new_web(proxy=proxy)
    assert "`proxy`" in str(raised.value)
    assert "cret" not in str(raised.value)
