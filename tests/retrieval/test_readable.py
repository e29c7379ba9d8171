"""HTML to text: golden pages of many generators, and what each kind of markup becomes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.html.readable import Readable, readable, text_of

unhurried = settings(deadline=None)

PAGES = Path(__file__).parent / "pages"
URL = "https://blog.example/posts/one"


# --- whole pages ---------------------------------------------------------------------------


def written(page: Readable) -> str:
    """A page's article as the golden files have it."""
    return (
        f"title: {page.title}\nlink: {page.link}\n"
        f"published: {page.published.isoformat() if page.published else None}\n"
        f"tags: {', '.join(page.tags)}\n---\n{page.text}\n"
    )


@pytest.mark.parametrize("name", sorted(file.stem for file in PAGES.glob("*.html")))
def test_golden_page(name: str) -> None:
    page = readable((PAGES / f"{name}.html").read_text("utf-8"), URL)
    assert page is not None
    assert written(page) == (PAGES / f"{name}.txt").read_text("utf-8")


def test_every_golden_page_has_its_text() -> None:
    pages = {file.stem for file in PAGES.glob("*.html")}
    assert pages == {file.stem for file in PAGES.glob("*.txt")}
    assert len(pages) >= 14


PROSE = (
    "<p>Merge sort splits a list in two, sorts each half and merges them; nothing is ever compared "
    "twice. It is stable, and needs as much memory again.</p>"
    "<p>Timsort looks for runs that are sorted already and merges those, so that a sorted list "
    "costs one pass only. Most libraries have it.</p>"
)


def page(head: str = "", body: str = PROSE) -> Readable:
    found = readable(
        f"<html><head><title>Sorting</title>{head}</head><body><article>{body}</article></body></html>",
        URL,
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        ('<meta property="article:published_time" content="2026-03-14T08:30:00+08:00">', (0, 30)),
        ('<meta name="pubdate" content="2026-03-14 08:30">', (8, 30)),
        (
            '<script type="application/ld+json">[{"@type": ["NewsArticle"], "datePublished":'
            ' "2026-03-14T08:30:00Z"}]</script><meta name="date" content="2020-01-01">',
            (8, 30),
        ),
        (
            '<script type="application/ld+json">{broken</script>'
            '<meta itemprop="datePublished" content="2026-03-14T08:30:00-01:00">',
            (9, 30),
        ),
        (
            '<meta property="article:published_time" content="Sat, 14 Mar 2026 08:30:00 GMT">',
            (8, 30),
        ),
        ('<meta name="date" content="soon"><meta name="pubdate" content="2026/3/14">', (0, 0)),
    ],
)
def test_when_a_page_says_it_was_published(head: str, moment: tuple[int, int]) -> None:
    assert page(head).published == datetime(2026, 3, 14, *moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ('<time datetime="2026-03-14T08:30:00Z">14 March</time>', "2026-03-14T08:30:00+00:00"),
        ("<time>2026年3月14日 08:30</time>", "2026-03-14T08:30:00+00:00"),
        (
            '<time class="updated" datetime="2026-05-01">May</time>'
            '<time class="published" datetime="2026-03-14">March</time>',
            "2026-03-14T00:00:00+00:00",
        ),
        ('<p class="post-meta">By Ada, March 14, 2026, 3 min</p>', "2026-03-14T00:00:00+00:00"),
    ],
)
def test_when_its_body_says_so(body: str, published: str) -> None:
    found = page("", body + PROSE).published
    assert found is not None
    assert found.isoformat() == published


def test_a_page_without_a_date_has_none() -> None:
    """FAILURES 16"""
    assert page().published is None


@pytest.mark.parametrize(
    ("head", "link"),
    [
        ('<link rel="canonical" href="/posts/two">', "https://blog.example/posts/two"),
        ('<link rel="canonical" href="//cdn.example/x?a=1#top">', "https://cdn.example/x?a=1"),
        ('<base href="/deep/"><link rel=canonical href="x">', "https://blog.example/deep/x"),
        ('<meta property="og:url" content="http://blog.example/p">', "http://blog.example/p"),
        ('<link rel="canonical" href="https://blog.example/">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="http://[broken">', None),
        ('<link rel="canonical" href="">', None),
        ('<link rel="canonical">', None),
    ],
)
def test_the_address_that_a_page_gives_as_its_own(head: str, link: str | None) -> None:
    assert page(head).link == link


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        (
            '<meta property="article:tag" content="a"><meta property="article:tag" content="b">',
            "a b",
        ),
        ('<meta name="keywords" content="排序，算法、 A,a">', "排序 算法 A"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "Article", "keywords":'
            ' "x, y"}]}</script><meta name="keywords" content="of the site">',
            "x y",
        ),
        (f'<meta name="keywords" content="{"x" * 100},ok">', "ok"),
        ("", ""),
    ],
)
def test_tags(head: str, tags: str) -> None:
    assert page(head).tags == tuple(tags.split())


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ('<meta property="og:title" content="Sorting, fast | Blog">', "<h1>Sorting, fast</h1>", "Sorting, fast"),
        ('<meta property="og:title" content="A &amp;amp; B">', "", "A &amp; B"),
        (
            '<script type="application/ld+json">{"@type": "BlogPosting", "headline": "A &amp; B"}</script>',
            "",
            "A & B",
        ),
        ("", "<h1>Only heading</h1>", "Only heading"),
        ("", "<h1>Site</h1><h1>Other</h1>", "Sorting"),
        ("", "", "Sorting"),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, title: str) -> None:
    found = page(head, body + PROSE)
    assert found.title == title
    assert not found.text.startswith(f"# {title}"), "it is not said again"


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "\0",
        "<html></html>",
        "just words",
        "<p>Please log in to continue.</p>",
        "<html><body><h1>Just a moment...</h1><p>Enable JavaScript and cookies to continue</p></body></html>",
        "<html><head><title>Sorting</title></head><body><div id=app></div><script src=x.js></script></body></html>",
        "<main><form><p>登录后即可查看全文,还可以收藏、评论、关注作者,发现更多有趣的内容。没有账号?马上注册。"
        "登录即表示同意用户协议和隐私政策。</p><input name=user><input type=password></form></main>",
        "<div>" * 50_000 + "deep",
    ],
)
def test_a_page_that_says_nothing_is_none(html: str) -> None:
    assert readable(html, URL) is None


def test_a_page_is_read_where_the_extraction_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.html.selection.LARGEST", 10)
    assert page().text.startswith("Merge sort splits")


def test_an_address_that_is_none_does_no_harm() -> None:
    for url in ("", "http://[", "x" * 5000, "https://例子.中国/页"):
        found = readable(f"<article>{PROSE}</article><link rel=canonical href=/x>", url)
        assert found is not None


@pytest.mark.parametrize("signs", ["\U0001d300\U0001d301\U0001d302\U0001d303", "䷀䷁䷂䷃"])
def test_a_text_that_uses_the_signs_of_marks_keeps_them(signs: str) -> None:
    said = f"The symbols {signs} mean nothing at all in this place."
    assert page("", f"{PROSE}<p>{said}</p>").text.endswith(said)


pieces = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<div>", "</div>", "<ul>", "<ol start=7>", "<li>", "</ul>", "<table>"),
            *("<tr>", "<td>", "</table>", "<pre>", "</pre>", "<code>", "<h2>", "</h2>", "<br>"),
            *("<span class=katex>", "<math>", "<annotation encoding=application/x-tex>", "</span>"),
            *("<script type=math/tex>", "</script>", "<mjx-container>", "<img alt=x class=latex>"),
            *(
                "<!--",
                "-->",
                "<![CDATA[",
                "&amp;",
                "&#0;",
                "&#xD800;",
                "\0",
                "\ud800",
                "$x$",
                "```",
            ),
            *("<article>", "<sup>2</sup>", "<a href=#>#</a>", "<", ">", "<template>", "<title>"),
            *(
                "文字。",
                "word ",
                "\n",
                "<svg>",
                "<textarea>",
                "<p hidden>",
                "<?xml version='1.0'?>",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(st.text(max_size=200), pieces))
@unhurried
def test_any_html_has_a_text(html: str) -> None:
    text = text_of(html)
    assert text == text.strip()
    text.encode()
    readable(html, URL)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "end" + "</div>" * 100_000,
        "<ul><li>" * 900 + "end",
        "<table><tr><td>" * 600 + "end",
        "<span class=katex>" * 1900 + "<b>x</b>" * 50_000 + "end",
        "<math>" * 1900 + "<mi>x</mi>" * 20_000 + "</math>" * 1900 + "end",
        "<p>a" * 100_000 + "<p>end",
        "<li>" * 100_000 + "end",
        "<td>x" * 100_000 + " end",
        "<pre>" + "<span class=line>x</span><br>" * 50_000 + "</pre>end",
        "<" * 500_000 + " end",
        "&amp" * 500_000 + "<b>end",
        "<h1>" * 1900 + "end",
        "<!--" * 200_000 + "--><p>end",
        "<a href='#'>" * 50_000 + "end",
        "<p>" + "word " * 500_000 + "end",
        "<p \0 " * 100_000 + ">end",
    ],
    ids=lambda html: html[:24],
)
def test_hostile_html_is_read_soon_and_to_its_end(html: str) -> None:
    text = text_of(html)
    assert text.endswith("end") or "x" * 100 in text


# --- fragments -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>bold</b>\n and <a href=x>linked</a>.</p><p>Two.</p>", "One bold and linked.\n\nTwo."),
        ("loose<p>one</p>tail", "loose\n\none\n\ntail"),
        ("<p>one<br>two<br/><br>three</p>", "one\ntwo\n\nthree"),
        ("<h1>A</h1><h6>B\n C</h6>text", "# A\n\n###### B C\n\ntext"),
        ('<h2>题<a class="headerlink" href="#x">¶</a></h2>x', "## 题\n\nx"),
        ("<h2></h2>x", "x"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "a\n\nb"),
        ("<p>　　中文　 段落&nbsp;。</p>", "中文 段落 。"),
        ("<p>&amp;lt;b&amp;gt; &lt;i&gt; &#x4e2d;&copy;</p>", "&lt;b&gt; <i> 中©"),
        ("<p>a\u200bb\u00adc</p>", "abc"),
        ("<p>10<sup>6</sup>, x<sup>th</sup>, CO<sub>2</sub></p>", "10^6, xth, CO2"),
        ("<p>说<sup><a href='#fn1'>1</a></sup>完</p>", "说完"),
        ("<p>a<script>1</script><style>2</style><!-- 3 --><noscript>4</noscript>b</p>", "ab"),
        ("<template>1</template><iframe>2</iframe><p hidden>3</p><p style='display: none'>4</p>x", "x"),
        ("<p style='visibility: hidden'>shown by a script</p>", "shown by a script"),
        ("<img src=a.png alt='a cat'>x", "x"),
        ("<p>Use <code>a  b</code> here</p>", "Use a b here"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢字"),
        # lists
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "- a\n- b\n\nc"),
        ("<ol start=9><li>a<li>b</ol>", "9. a\n10. b"),
        ("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>", "- a\n  - b\n    1. c\n- d"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n  b"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
        ("<ul><li>do<pre>x</pre>then</li></ul>", "- do\n\n```\nx\n```\n\n  then"),
        ("<ul><li></li><li> </li><li>a</li></ul>", "- a"),
        # tables
        ("<table><tr><th>a<th>b<tr><td>1<td><p>x</p><p>y</p></table>", "a | b\n1 | x y"),
        ("<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a |  | c"),
        ("<table><caption>T</caption><tr><td>a<td><ul><li>b<li>c</ul></table>", "T\n\na | b c"),
        ("<table><tr><td><p>one</p><p>two</p></td></tr></table>", "one\n\ntwo"),
        ("<table><tr><td><h2>A</h2>x<td>y</table>", "## A\n\nx\n\ny"),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>", "a | b\n\nc"),
        # no tag at all
        ("plain", "plain"),
        ("  a \t b \r\n\r\n\r\n c\nd  ", "a b\n\nc\nd"),
        ("AT&T, 1 < 2 &amp;lt; &hearts;", "AT&T, 1 < 2 &lt; ♥"),
        ("```\n  kept   so\n```\n and  so", "```\n  kept   so\n```\nand so"),
        ("", ""),
        ("<p></p>", ""),
    ],
)  # fmt: skip
def test_text(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>\n  a\n\n\tb  \n</pre>", "```\n  a\n\n\tb\n```"),
        ("<pre><code class='language-c++ hljs'>x&lt;y&gt;</code></pre>", "```c++\nx<y>\n```"),
        ("<pre class='lang-js'>x</pre>", "```js\nx\n```"),
        ("<div class='highlight highlight-source-shell'><pre>x</pre></div>", "```shell\nx\n```"),
        ("<div class='highlight-default notranslate'><div class=highlight><pre>x</pre></div></div>", "```\nx\n```"),
        ("<pre class='sourceCode haskell'><code>x</code></pre>", "```haskell\nx\n```"),
        ("<div class='lang-en'><div><pre>x</pre></div></div>", "```\nx\n```"),
        ("<pre><code class='language-plaintext'>x</code></pre>", "```\nx\n```"),
        ("<pre>a<br>b<br>\nc</pre>", "```\na\nb\n\nc\n```"),
        ("<pre><div>a</div><div></div><div>b</div></pre>", "```\na\n\nb\n```"),
        ("<pre><ol class=linenums><li>a</li><li>b</li></ol></pre>", "```\na\nb\n```"),
        ("<pre><code><table class=hljs-ln><tr><td class='hljs-ln-numbers' data-line-number=1>1</td><td>a</td></tr><tr><td class='hljs-ln-numbers'>2</td><td> b</td></tr></table></code></pre>", "```\na\n b\n```"),
        ("<pre><span style='margin-right:.4em;user-select:none'>1</span>a\n<span style='user-select:none'>2</span>b</pre>", "```\na\nb\n```"),
        ("<pre>x<button>Copy</button></pre>", "```\nx\n```"),
        ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"),
        ("<pre> </pre>x", "x"),
        ("<pre>&nbsp; a\r\nb</pre>", "```\n  a\nb\n```"),
        ("<pre># not a heading\n- nor a list</pre>", "```\n# not a heading\n- nor a list\n```"),
    ],
)  # fmt: skip
def test_code_keeps_its_lines_and_nothing_else(html: str, text: str) -> None:
    assert text_of(html) == text


TEX = "<annotation encoding='application/x-tex'>x^2 &lt; 1</annotation>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<span class=katex><span class=katex-mathml><math><semantics><mi>x</mi>{TEX}</semantics></math></span><span class=katex-html>x2&lt;1</span></span>", "$x^2 < 1$"),
        (f"<p>so <span class=katex-display><span class=katex><math display=block>{TEX}</math><span class=katex-html>x</span></span></span> holds</p>", "so\n$$x^2 < 1$$\nholds"),
        ("<span class=katex-error title=bad>\\foo</span>", "$\\foo$"),
        ("a<span class=MathJax_Preview>?</span><span class=MathJax>?</span><script type='math/tex'>\\alpha</script>b", "a$\\alpha$b"),
        ("<div class=MathJax_Display><span class=MathJax>?</span></div><script type='math/tex; mode=display'>a\n\nb</script>", "$$a\nb$$"),
        ("<mjx-container display=true><mjx-math data-latex='e^x'>?</mjx-math></mjx-container>", "$$e^x$$"),
        ("<mjx-container><mjx-math>?</mjx-math><mjx-assistive-mml><math><msup><mi>x</mi><mn>2</mn></msup></math></mjx-assistive-mml></mjx-container>", "$x^2$"),
        ("<math alttext='O(n)'><mi>O</mi></math>", "$O(n)$"),
        ("<math display=block alttext='\\sum'><mi>O</mi></math>", "$$\\sum$$"),
        ("<math><msqrt><mi>x</mi></msqrt><mo>≤</mo><mover><mi>y</mi><mo>^</mo></mover><mi>sin</mi><mtext>if</mtext></math>", "$\\sqrt{x}\\leq \\hat{y}\\operatorname{sin}\\text{if}$"),
        ("<math><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mroot><mi>x</mi><mn>3</mn></mroot></math>", "$\\sum_{i=1}^n\\sqrt[3]{x}$"),
        ("<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable></math>", "$\\begin{matrix}1 & 0 \\\\ 0 & 1\\end{matrix}$"),
        ("<span class='math inline'>x_1</span> <span class='math display'>x_2</span>", "$x_1$\n$$x_2$$"),
        ("<span class='math inline'>\\(x\\)</span>", "\\(x\\)"),
        ("<p>\\(a_1\\) \\[b\\] $c^2$ $$d$$</p>", "\\(a_1\\) \\[b\\] $c^2$ $$d$$"),
        ("<img class=latex alt='$y$'>", "$y$"),
        ("<img class='tex' data-latex='z' alt='?'>", "$z$"),
        ("<img src='https://www.zhihu.com/equation?tex=x%5E2+%2B+1' alt='[公式]'>", "$x^2 + 1$"),
        ("<img src='//latex.codecogs.com/gif.latex?\\inline&space;\\frac{1}{2}+x'>", "$\\frac{1}{2}+x$"),
        ("<img src='https://latex.codecogs.com/svg.image?%5Cbeta'>", "$\\beta$"),
        ("<span class=mwe-math-element><span style='display: none'><math alttext='{\\displaystyle x}'><mi>x</mi></math></span><img class=mwe-math-fallback-image-inline alt='{\\displaystyle x}'></span>", "$x$"),
        ("<span class=ztext-math data-tex='q \\\\'><span>q</span></span>", "$$q$$"),
        ("<span class=katex>no source</span>", "no source"),
        ("<h2>On <script type='math/tex'>k</script>-means</h2>x", "## On $k$-means\n\nx"),
        ("<table><tr><td>a<td><script type='math/tex; mode=display'>k</script></table>", "a | $$k$$"),
    ],
)  # fmt: skip
def test_formulas_keep_their_tex(html: str, text: str) -> None:
    assert text_of(html) == text
