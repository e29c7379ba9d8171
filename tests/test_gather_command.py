"""`archive-bot gather` over sources on the web: what its owner sees."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.progress import BarProgress
from tests.command import Desk
from tests.retrieval.feeds_made import post, rss
from tests.web_server import Site, web_server

FEED = "application/rss+xml"


pytestmark = pytest.mark.usefixtures("quiet_again")


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as site:
        yield site


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    desk = Desk(tmp_path, Path("pages"))
    lines = ['data_dir = "data"', "[fetch]", "allow_private = true", "pause = 0"]
    for name in ("博客", "planet"):
        path = {"博客": "blog"}.get(name, name)
        url = f"{site.address}/{path}.xml"
        lines += ["[[sources]]", 'kind = "feed"', f'name = "{name}"', f'url = "{url}"']
        site.put(f"/{path}.xml", rss([post(n) for n in (2, 1)]), media_type=FEED)
    site.put("/planet.xml", rss([post(n) for n in (9, 8, 7)]), media_type=FEED)
    desk.config.write_text("\n".join(lines), encoding="utf-8")
    return desk


def cells(out: str) -> list[list[str]]:
    """The table without its seconds."""
    return [line.split()[:-1] for line in out.splitlines()]


def test_the_closing_table_counts_each_source_and_all(desk: Desk, site: Site) -> None:
    done = desk.run("gather")
    assert done.status == 0, done.err
    assert cells(done.out) == [
        ["source", "new", "changed", "unchanged", "withdrawn", "failed"],
        ["博客", "2", "0", "0", "0", "0"],
        ["planet", "3", "0", "0", "0", "0"],
        ["all", "5", "0", "0", "0", "0"],
    ]
    heading, first, *_ = done.out.splitlines()
    wide = sum(2 if ord(char) > 0x2E80 else 1 for char in first)
    assert wide == len(heading), "wide characters take two columns"
    edited = [post(9, title="改了题目"), post(8), post(7)]
    site.put("/planet.xml", rss(edited), media_type=FEED)
    assert cells(desk.run("gather").out)[1:] == [
        ["博客", "0", "0", "2", "0", "0"],
        ["planet", "0", "1", "2", "0", "0"],
        ["all", "0", "1", "4", "0", "0"],
    ]


def test_one_that_fails_is_told_of_and_the_other_is_gathered(desk: Desk, site: Site) -> None:
    site.fail("/blog.xml", 500)
    done = desk.run("gather")
    assert done.status == 1
    assert cells(done.out)[1:4] == [
        ["博客", "0", "0", "0", "0", "1"],
        ["planet", "3", "0", "0", "0", "0"],
        ["all", "3", "0", "0", "0", "1"],
    ]
    assert "博客: failed, nothing of it was changed" in done.out
    assert "blog.xml answered with status 500" in done.err
    assert "Traceback" not in done.err
    status = desk.run("status").out
    assert "fails since" in status
    assert "answered with status 500" in status


def test_a_server_that_wants_peace_gets_it_unless_one_insists(desk: Desk, site: Site) -> None:
    site.fail("/blog.xml", 429, {"Retry-After": "3600"})
    assert desk.run("gather").status == 1
    site.put("/blog.xml", rss([post(1)]), media_type=FEED)
    site.forget()
    done = desk.run("gather")
    assert done.status == 0
    assert "博客: its server asked to be left alone until" in done.out
    assert site.requested("/blog.xml") == []
    assert "asked for peace until" in desk.run("status").out
    assert desk.run("gather", "--force", "--json").json["new"] == 1


def test_what_a_source_dropped_and_where_it_moved_is_told(desk: Desk, site: Site) -> None:
    desk.run("gather")
    site.put("/moved.xml", rss([post(9), post(8)]), media_type=FEED)
    site.redirect("/planet.xml", "/moved.xml")
    desk.run("gather")
    status = desk.run("status").out
    assert "planet (feed): 2 articles and 1 that it dropped" in status
    assert f"moved for good to {site.address}/moved.xml" in status


@pytest.mark.parametrize("where", ["for all", "of its own"])
def test_sources_are_reached_through_a_proxy(desk: Desk, site: Site, where: str) -> None:
    """The test server is the proxy: it is asked for whole addresses of a host that is not there."""
    address = "http://blog.example/feed.xml"
    site.put(address, rss([post(1)]), media_type=FEED)
    proxy = f'proxy = "{site.address}"'
    wrong = 'proxy = "http://127.0.0.1:9"'
    general, own = (proxy, "") if where == "for all" else (wrong, proxy)
    lines = ['data_dir = "data"', "[fetch]", "pause = 0", general, "[[sources]]", own]
    lines += ['kind = "feed"', 'name = "far"', f'url = "{address}"']
    desk.config.write_text("\n".join(lines), encoding="utf-8")
    assert desk.run("gather", "--json").json["new"] == 1
    (request,) = site.requested(address)
    assert request.headers["host"] == "blog.example"
    assert request.headers["user-agent"].startswith("archive-bot/")


def test_a_private_address_is_refused_until_the_owner_allows_it(desk: Desk, site: Site) -> None:
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace("allow_private = true", ""), encoding="utf-8")
    done = desk.run("gather")
    assert done.status == 1
    assert "no public address; set `allow_private` of this source if that is meant" in done.err
    assert site.requests == []


def test_code_and_formulas_are_found_and_shown_whole(desk: Desk, site: Site) -> None:
    html = (
        "<h2>注意力的计算</h2><p>缩放点积注意力写成 \\(\\operatorname{softmax}(QK^\\top/\\sqrt{d_k})V\\)。</p>"
        '<pre><code class="language-python">def gradient_step(model):\n    model.zero_grad()\n'
        "    return model</code></pre><h2>别的</h2><p>这一节讲一些别的事情。</p>"
    )
    site.put("/blog.xml", rss([post(1, text=html), post(2)]), media_type=FEED)
    desk.run("gather")
    for asked in (r"\operatorname{softmax}", "gradient_step", "zero_grad"):
        first = desk.run("ask", "--json", asked).json["hits"][0]
        assert first["title"] == post(1).title
        assert (
            "def gradient_step(model):\n    model.zero_grad()\n    return model" in first["excerpt"]
        )
        assert r"\operatorname{softmax}(QK^\top/\sqrt{d_k})V" in first["excerpt"]
        assert first["excerpt"].startswith("注意力的计算\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_each_source_has_a_bar_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal()
    bars = BarProgress(terminal)
    bars("blog", 0, 1)
    bars("planet", 12, 40)
    bars("blog", 1, 1)
    bars._bars.refresh()
    bars("planet", 40, 40)
    bars.close()
    shown = terminal.getvalue()
    assert "blog" in shown
    assert "planet" in shown
    assert "12/40" in shown
