"""Markdown of blogs: formulas and code come through whole, what generators add does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.sources.folders.markdown import read_markdown
from retrieval.sources.folders.shortcodes import language, without_tags


def text(*lines: str) -> str:
    return read_markdown("\n".join(lines), title="T")[1]


# --- titles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "title", "expected"),
    [
        ("# One\n\ntext", None, ("One", "text")),
        ("One\n===\n\ntext", None, ("One", "text")),
        ("before\n\n# One\n\ntext", None, ("One", "before\n\ntext")),
        ("# *One* `two` $a_b$ {#id}\n\ntext", None, ("One two $a_b$", "text")),
        ("## Two\n\ntext", None, (None, "## Two\n\ntext")),
        ("text", None, (None, "text")),
        ("> # Quoted\n\ntext", None, (None, "# Quoted\n\ntext")),
        ("```\n# a comment\n```", None, (None, "```\n# a comment\n```")),
        ("# one\n\ntext", "One", ("One", "text")),
        ("# Other\n\ntext", "One", ("One", "# Other\n\ntext")),
        ("text\n\n# One", "One", ("One", "text\n\n# One")),
        ("# Alone", None, ("Alone", "# Alone")),
        ("", None, (None, "")),
    ],
)
def test_titles(source: str, title: str | None, expected: tuple[str | None, str]) -> None:
    assert read_markdown(source, title=title) == expected


# --- formulas ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$a_b^*$ and $c_d^*$", "$a_b^*$ and $c_d^*$"),
        ("设$x_1$为$y_1$。", "设$x_1$为$y_1$。"),
        ("$a < b > c & d$", "$a < b > c & d$"),
        (r"$\{x \mid x \\ y\}$", r"$\{x \mid x \\ y\}$"),
        ("$$x_1 * y_1 * z$$", "$$x_1 * y_1 * z$$"),
        ("a $$x_1$$ b", "a $$x_1$$ b"),
        ("$$\n\\frac{{a}}{b}\n= *c*\n$$", "$$\\frac{{a}}{b} = *c*$$"),
        ("$$a$$ (1)", "$$a$$"),
        (r"\(a_1 * b * c\)", "$a_1 * b * c$"),
        (r"so \[a_1\] is", "so $$a_1$$ is"),
        ("\\[\na\n= b\n\\]", "$$a = b$$"),
        ("\\\\[\na_1\n\\\\]", "$$a_1$$"),
        (r"\\(a_1 + a_2\\)", "$a_1 + a_2$"),
        (r"\[a\] and \[b\]", "$$a$$ and $$b$$"),
        (
            "\\begin{align}\na &= b_1 \\\\\nc &= d_1\n\\end{align}",
            r"$$\begin{align} a &= b_1 \\ c &= d_1 \end{align}$$",
        ),
        ("```math\na_b\n```", "$$a_b$$"),
        ("$`a_b`$", "$a_b$"),
        ("| a | b |\n|---|---|\n| $x_1$ | c |", "a | b\n$x_1$ | c"),
        ("- $$\n  a_1\n  $$", "- $$a_1$$"),
    ],
)
def test_formulas_keep_their_tex(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("It costs $5 and $10.", "It costs $5 and $10."),
        ("价格从$5到$10，", "价格从$5到$10，"),
        ("US$ 3 or 4$", "US$ 3 or 4$"),
        (r"\$a\$", "$a$"),
        (r"a \\( b", r"a \( b"),
        (r"a \( b", "a ( b"),
        (r"\(\) \[ \]", "() [ ]"),
    ],
)
def test_what_is_no_formula_stays_a_sentence(source: str, expected: str) -> None:
    assert text(source) == expected


def test_no_formulas_in_code() -> None:
    assert text("`$a_b$`", "", "```tex", "$x_1$ \\(y\\)", "```") == (
        "$a_b$\n\n```tex\n$x_1$ \\(y\\)\n```"
    )


# --- code ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("info", "name"),
    [
        ("python", "python"),
        (" python title", "python"),
        ("go {linenos=table,hl_lines=[8]}", "go"),
        ("go{1,3}", "go"),
        ("{.haskell .numberLines}", "haskell"),
        ("{r}", "r"),
        ("rust,linenos", "rust"),
        ("c++", "c++"),
        ("c#", "c#"),
        ("objective-c", "objective-c"),
        ("", ""),
    ],
)
def test_languages_of_fences(info: str, name: str) -> None:
    assert text(f"```{info}", "x <- 1", "```") == f"```{name}\nx <- 1\n```"


def test_lines_and_indentation_stay() -> None:
    code = "\tif a:\n\n\t\treturn  'b' & <c>"
    assert text("~~~ py", code, "~~~") == f"```py\n{code}\n```"
    assert text("    a\n\n      b") == "```\na\n\n  b\n```"


@pytest.mark.parametrize(
    ("opening", "closing", "name"),
    [
        ("{% highlight python linenos %}", "{% endhighlight %}", "python"),
        ("{%- highlight python -%}", "{%- endhighlight -%}", "python"),
        ("{% codeblock 标题 lang:python line_number:false %}", "{% endcodeblock %}", "python"),
        ("{% codeblock %}", "{% endcodeblock %}", ""),
        ("{% code lang:js %}", "{% endcode %}", "js"),
        ('{{< highlight go "linenos=table" >}}', "{{< / highlight >}}", "go"),
        ("{{% highlight go %}}", "{{% /highlight %}}", "go"),
    ],
)
def test_tags_that_hold_code(opening: str, closing: str, name: str) -> None:
    code = "# no heading\n{{ x }} {% y %} $a_b$\n\n  <b>"
    expected = f"above\n\n```{name}\n{code}\n```\n\nbelow"
    assert text("above", opening, code, closing, "below") == expected


def test_code_that_shows_tags() -> None:
    lines = ["{% highlight liquid %}", "{% raw %}", "{{ x }}", "{% endraw %}", "{% endhighlight %}"]
    assert text(*lines) == "```liquid\n{{ x }}\n```"


def test_code_that_is_never_closed_is_text() -> None:
    assert text("{% highlight python %}", "a", "", "{% highlight python %}", "b") == "a\n\nb"


def test_code_in_a_list() -> None:
    lines = ["- a", "", "  {% highlight sh %}", "  ls", "    -l", "  {% endhighlight %}", "- b"]
    assert text(*lines) == "- a\n\n```sh\nls\n  -l\n```\n\n- b"


# --- what generators add -------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag",
    [
        '{{< figure src="a.png" title="b" >}}',
        "{{% toc %}}",
        "{{/* a comment */}}",
        "{% include a.html %}",
        "{% asset_img a.png 'a title' %}",
        "{{ site.url }}",
        '{{ youtube(id="x") }}',
        "<!-- more -->",
        "<!--more-->",
        "{: .note #id}",
        "[TOC]",
        "{% comment %}hidden{% endcomment %}",
        '{{< figure\n  src="a.png"\n  title="b" >}}',
    ],
)
def test_tags_are_dropped(tag: str) -> None:
    assert text("above", "", tag, "", "below") == "above\n\nbelow"


@pytest.mark.parametrize(
    "tag", ["{{< ref >}}", "{% x %}", "{{ page.title }}", '{{ x(id="1") }}', "{{% y %}}"]
)
def test_tags_within_a_sentence_are_dropped_but_not_within_code(tag: str) -> None:
    assert text(f"one {tag}two") == "one two"
    assert text(f"one `{tag}` two") == f"one {tag} two"
    assert text("```", tag, "```") == f"```\n{tag}\n```"
    assert text("above", "", f"    {tag}") == f"above\n\n```\n{tag}\n```"
    assert text("- a", "  ```", f"  {tag}", "  ```").endswith(f"```\n{tag}\n```")


@pytest.mark.parametrize(
    "pair", ["{% a %}kept{% b %}", "{{< a >}}kept{{< /a >}}", "{{% a %}}kept{{% /a %}}"]
)
def test_text_between_two_tags_of_a_line_is_kept(pair: str) -> None:
    assert text(pair) == "kept"
    assert text("above", pair, "below") == "above kept below"


def test_what_tags_stand_around_is_kept() -> None:
    lines = [
        "{{< note >}}",
        "One *two*",
        "{{< /note >}}",
        "---",
        "{% note %}",
        "- a",
        "{% endnote %}",
    ]
    assert text(*lines) == "One two\n\n- a"


def test_a_formula_within_tags() -> None:
    assert text("{{< katex display >}}", "a_1 * b_1", "{{< /katex >}}") == "$$a_1 * b_1$$"
    assert text("so {{< math >}}a_1{{< /math >}} is") == "so $a_1$ is"
    assert text("{{< math >}}", "$$", "a_1", "$$", "{{< /math >}}") == "$$a_1$$"


def test_nothing_is_a_tag_between_raw_and_its_end() -> None:
    assert text("a {% raw %}{{ site.url }}{% endraw %} b") == "a {{ site.url }} b"
    assert text("{% raw %}`{% x %}` *b*{% endraw %} {% c %}") == "{% x %} b"
    assert text("{% raw %}{% x %}{% endraw %}") == "{% x %}"
    assert text("[{% raw %}{% x %}{% endraw %}](b)") == "{% x %}"
    assert text("`{% raw %}{{ x }}{% endraw %}`") == "{{ x }}"
    assert text("```", "{% raw %}", "{{ x }}", "{% endraw %}", "```") == "```\n{{ x }}\n```"
    assert text("```", "{% raw %}", "```") == "```\n{% raw %}\n```"
    lines = [
        "{% raw %}",
        "a {{ page.x }} `{% y %}`",
        "",
        "- {% z %}",
        "{% endraw %}",
        "{% gone %}b",
    ]
    assert text(*lines) == "a {{ page.x }} {% y %}\n\n- {% z %}\n\nb"


def test_a_shortcode_that_is_to_be_shown() -> None:
    assert text("`{{</* a */>}}` and {{%/* b */%}}") == "{{< a >}} and {{% b %}}"


def test_addresses_made_by_tags() -> None:
    assert text(
        '[a]({{< ref "b.md" >}}) [c]({% post_url 2026-01-01-d %}) [e]({{ site.url }}/f)'
    ) == ("a c e")


def test_braces_of_prose_stay() -> None:
    source = "A set {a, b}, a template {{ name }}, a comment {# x #} and 100 {% of them."
    assert text(source) == source


def test_imports_of_mdx() -> None:
    source = "import A from 'a'\nexport const b = 1\n\nimport is a word\n\n<A>c</A> {/* d */}"
    assert read_markdown(source, title="T", components=True)[1] == "import is a word\n\nc"
    assert read_markdown("import A from 'a'", title="T")[1] == "import A from 'a'"


def test_tags_of_html_pages() -> None:
    html = (
        "<p>{{ site.url }}a</p><pre>{% b %}</pre>\n{% highlight sql %}\nx < 1\n{% endhighlight %}"
    )
    assert without_tags(html) == (
        '<p>a</p><pre>{% b %}</pre>\n<pre><code class="language-sql">x &lt; 1\n</code></pre>'
    )


# --- the rest of Markdown ------------------------------------------------------------------


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert text("只扫一遍", "数据。", "", "a", "b") == "只扫一遍数据。\n\na b"
    assert text("中文**加粗**", "**下一行**接着") == "中文加粗下一行接着"
    assert text("한국어", "띄어쓰기") == "한국어 띄어쓰기"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**重点：**后面", "重点：后面"),
        ("前面**“引号”**后面", "前面“引号”后面"),
        ("**一**、**二**", "一、二"),
        ("*a*b **c**", "ab c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("中 ** 文 ** 字", "中 ** 文 ** 字"),
    ],
)
def test_emphasis(source: str, expected: str) -> None:
    assert text(source) == expected


def test_nested_lists_tables_footnotes_and_html() -> None:
    source = """
1. one
   - two
     - three
2. four[^a]

| a | b |
|---|:-:|
| `c` | ~~d~~ |

<div>raw <b>HTML</b></div>

[^a]: A note.
"""
    assert text(source) == (
        "1. one\n  - two\n    - three\n2. four\n\na | b\nc | d\n\nraw HTML\n\n1. A note."
    )


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("python linenos", "python"),
        ("", ""),
        ("标题 lang:c++", "c++"),
        ('lang="go"', "go"),
        ('"js"', "js"),
        ("hl_lines=3", ""),
        ("第一行", ""),
    ],
)
def test_languages_of_tags(arguments: str, name: str) -> None:
    assert language(arguments) == name


parts = st.sampled_from(
    "{{< >}} {{% %}} {% %} {%raw%} {%endraw%} {%highlight%} {%endhighlight%} {{</* */>}} $ $$ \\( \\)"
    " \\[ \\] \\begin{align} \\end{align} ``` ~~~ ` # - > | * ** _ [ ]( ) ![ < > <pre> <!-- --> [^1]: [^1]"
    " \n \n\n \t a 中 ， {: } 1. katex math".split(" ")
)


@settings(deadline=None)
@given(st.lists(parts | st.text(max_size=3)).map("".join), st.booleans())
def test_anything_is_some_text(source: str, components: bool) -> None:
    title, said = read_markdown(source, components=components)
    assert title is None or title.strip()
    assert said == said.strip()


@pytest.mark.parametrize(
    "piece",
    [
        "{% highlight x %}\n", "{% raw %}\n", "{{< katex >}}", "{%", "{{<", "$", "$$\n", "\\[", "\\(",
        "\\[\na\n", "\\begin{align}\n", "`{%", "](", "](`", "> ", "**中", "<pre>", "<!--", "{{</*", "- ",
    ],
)  # fmt: skip
def test_no_repetition_takes_for_ever(piece: str) -> None:
    """What is slow here takes minutes, and the suite's own limit ends it."""
    assert isinstance(text(piece * (20_000 // len(piece))), str)
