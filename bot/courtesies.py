"""What people say that is no question: words -> the kind of courtesy, or none. Pure.

An archive may have something on any of these; so they count only where it has nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

from retrieval.index.tokens import normalise

Courtesy = Literal["greeting", "thanks", "assent", "farewell"]
COURTESIES: tuple[Courtesy, ...] = get_args(Courtesy)

#: Words longer than this are more than a courtesy.
_LONGEST = 40

_SAID: dict[Courtesy, str] = {
    "greeting": """
    hi, hello, hey, hi there, hello there, good morning, good afternoon, good evening,
    are you there, 你好, 您好, 你好呀, 你好啊, 大家好, 嗨, 哈喽, 哈啰, 嘿, 在吗, 在么, 有人吗,
    早, 早安, 早上好, 下午好, 晚上好
    """,
    "thanks": """
    thanks, thank you, thanks a lot, thank you so much, thank you very much, many thanks, thx, ty,
    thanks bot, cheers, 谢谢, 谢谢你, 谢谢您, 谢谢啦, 谢谢了, 谢了, 多谢, 多谢了, 感谢,
    非常感谢, 十分感谢, 太感谢了, 辛苦了, 辛苦啦, 3q
    """,
    "assent": """
    ok, okay, got it, i see, understood, great, cool, nice, good, perfect, awesome, well done, yes,
    no, 好, 好的, 好吧, 行, 嗯, 嗯嗯, 哦, 噢, 哦哦, 收到, 明白, 明白了, 知道了, 懂了,
    了解, 是, 是的, 对, 对的, 不是, 太好了, 太棒了, 很好, 不错, 厉害, 真棒, 哈哈, 哈哈哈
    """,
    "farewell": """
    bye, bye bye, goodbye, good bye, see you, see you later, good night, 再见, 拜拜, 拜, 回见, 晚安
    """,
}


def courtesy_of(words: str) -> Courtesy | None:
    """The courtesy that all of these words are, however they are written and marked."""
    if len(words) > _LONGEST:
        return None
    kept = (each if each.isalnum() else " " for each in normalise(words).casefold())
    return _known().get(" ".join("".join(kept).split()))


@cache
def _known() -> dict[str, Courtesy]:
    return {
        " ".join(each.split()): kind for kind, said in _SAID.items() for each in said.split(",")
    }
