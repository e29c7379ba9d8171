"""Words that broke other bots, and a strategy that makes texts of them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.markup import Text, bold, code, italic, link, quote, text

FAMILY = "👨‍👩‍👧‍👦"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HOSTILE = [
    "C#<T> & _x_",
    "<b>unfinished",
    "</b></a>",
    '"><script>alert(1)</script>',
    "&lt; &amp &#60; &nbsp; &",
    "a < b && b > c",
    "*_`[]()~>#+-=|{}.!\\",
    "\u202eevil\u202d \u2067rtl",
    "שלום \u200f(1)",
    FAMILY * 5,
    SCOTLAND + "🇨🇳🇫🇷" + "👍🏽",
    "é" + "e\u0301" * 20,
    "z" + "\u0335" * 200,
    "\x00\x1b[31m\ud800",
    "\u200b\u2060\ufeff",
    "&am",
    "x &lt",
    " \t\n\u3000",
    "first\nsecond\r\nthird\u2028fourth",
    "\u200f\u200e\u061c",
    "w" * 3_000,
    "$\\frac{a<b}{c}$ `x < y` ```",
    "[link](https://blog.example/) {curly} %s",
    "标题" * 500,
    "😀" * 10_000,
]

words = st.one_of(
    st.sampled_from([each for each in HOSTILE if len(each) < 1000]),
    st.text(st.sampled_from("ab <>&\"'\n。. 中文😀👍🏽\u200d\u0301🇨🇳é;!"), max_size=60),
    st.text(st.characters(), max_size=30),
)


@st.composite
def texts(draw: st.DrawFn, pieces: int = 8) -> Text:
    looks = st.sampled_from(
        [
            text,
            bold,
            italic,
            lambda piece: link("https://blog.example/?a=1&b=2", piece),
            lambda piece: bold(link('https://blog.example/"', piece)),
            quote,
            code,
            lambda piece: quote(code(piece), piece),
            lambda piece: quote(bold(piece), piece, expandable=True),
        ]
    )
    return text(*(draw(looks)(draw(words)) for _ in range(draw(st.integers(0, pieces)))))
