"""Names that a text itself introduces as the same thing.

text -> brackets and `又称` -> names on both sides -> pairs

    梯度检查点(Gradient Checkpointing)      where the Chinese begins is judged word by word
    PA(Pixel Accuracy,像素精度)             every name with every other
    Reciprocal rank fusion (RRF)            letters of a short form must fit what it stands for
    惜字塔,又称惜字楼                       two Chinese names only where the text says so

A pair missed costs little, a wrong one lets a question meet texts about something else: whatever
is doubtful is left out. Pure, and linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import rjieba

from retrieval.index.tokens import ASKING, latin_terms, normalise

#: Longest name, in characters: beyond are sentences.
LONGEST = 80
#: Most pairs taken out of one text, and most places looked at for them.
MOST_PAIRS, _MOST_PLACES = 200, 5_000
#: Most words of a Latin name, and of one that neither a short form nor Chinese text delimits.
_MOST_WORDS, _MOST_WORDS_IN_PROSE = 9, 4
#: Chinese characters of a name: fewer tell too little, more are a clause.
_SHORTEST_CHINESE, _LONGEST_CHINESE, _LONGEST_PERSON = 2, 10, 16
#: Chinese that follows a Latin word at once is often the rest of a mixed name, unless this long.
_OWN = 4
#: Letters of a short form.
_SHORTEST_FORM, _LONGEST_FORM = 2, 10
#: Parts of one bracket that all name the thing.
_MOST_PARTS = 4

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_PART = re.compile(r"[,;、/]|(?<=[a-z]) or ")
_WORD = r"[^\W\d_][^\W_]*"
_LATIN = re.compile(rf"(?![{_HAN}])[^\W_{_HAN}]+(?:(?: ?[-'’&] ?| )[^\W_{_HAN}]+)*")
_CHINESE = re.compile(rf"[{_HAN}]+(?:[·・‧-][{_HAN}]+)*")
_LATIN_END = re.compile(rf"(?:[^\W_{_HAN}]+(?:[-'’&]| & | ))*[^\W_{_HAN}]+$")
_CHINESE_END = re.compile(rf"[{_HAN}]+(?:[·・‧][{_HAN}]+)*$")
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,80})[”」』》\"]$")
_QUOTES = "“”「」『』《》\"' "
#: Words of which a Latin name is made: camelCase gives several.
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")

_LANGUAGE = r"(?:英文|英语|中文|汉语|德语|法语|拉丁语|意大利语|西班牙语|俄语|葡萄牙语)"
_SAME = (
    r"(?:又称|又名|又叫|亦称|亦名|也称|也叫|也叫做|或称|俗称|简称|简写|缩写|全称|全名|别名|别称"
    r"|aka|a\.k\.a\.|also known as|also called|abbreviated as|abbreviated|short for|stands for)"
)
#: What may open a bracket's part and says that a name of the same thing follows.
_LABEL = re.compile(
    rf"(?:(?:{_LANGUAGE}(?:名称|全称|简称|缩写|名)?|{_SAME}|学名|即|也就是)(?:之?为|作|是)?"
    r"(?:[: ] ?|(?=[“「『《\"])|(?<=[\u4e00-\u9fff])))+",
    re.IGNORECASE,
)
#: The same in running text.
_SAYS = re.compile(rf"(?:, ?| )?(?<![a-z]){_SAME}(?:之?为|作|是)?:? ?", re.IGNORECASE)
_CLAUSE_END = re.compile(r" ?(?:[,。.;!?、(\n”」』》]|是|$)")
_CLAUSE = re.compile(r"[^,。.;:!?、()\n“”「」『』]*$")

#: Chinese words before a name that are not part of it.
_BEFORE = frozenset(
    """
    的 地 得 了 着 过 之 是 为 即 叫 称 用 以 把 被 将 由 从 对 向 给 让 使 令 和 与 或 及 跟 同 而
    且 并 但 因 若 如 像 等 在 于 到 至 往 据 按 经 靠 凭 做 作 有 没 要 会 能 可 其 此 这 那 该 各
    每 某 另 本 我 你 他 她 它 也 都 就 才 再 又 还 很 更 只 仅 已 正 先 便 却 曾 常 不 请 看 加 种
    个 名 位 进 里 中 时 后 次 项 类 所 比 去 来 说 想 求 算 设 取 存 引 当 则 既 虽 至于 进了 叫做
    叫作 称为 称作 称之为 名为 命名为 定义为 记为 记作 译为 视为 看作 看成 作为 当作 成为 变成 变为
    化为 转为 转成 改为 换成 分为 分成 切成 拆成 写成 改成 生成了 使用 采用 利用 运用 借助 借用 选用
    改用 启用 开启 关闭 调用 引入 提出 提到 介绍 讨论 研究 包括 包含 涉及 涵盖 基于 通过 经过 根据
    依据 按照 依照 针对 关于 对于 由于 为了 随着 进行 实现 支持 提供 增加 添加 加入 加上 加 得到
    获得 获取 形成 构成 属于 位于 来自 源自 源于 用于 适用于 服务于 应用于 等于 需要 必须 可以 能够
    应该 应当 存在 具有 拥有 带有 具备 没有 缺少 避免 防止 减少 提高 提升 降低 导致 引起 产生 造成
    触发 依赖 依靠 结合 配合 解决 缓解 替代 代替 取代 优于 不如 超过 达到 成立 发明 设计 开发 推出
    发布 创立 创建 建立 修建 担任 出任 加盟 加入 击败 组建 位居 饰演 主演 命名 取名 自称 号称 人称
    以及 而且 并且 但是 不过 然而 因为 所以 因此 如果 虽然 即使 或者 还是 不是 就是 也是 都是 只是
    也就是 也 例如 比如 譬如 诸如 比方 正如 首先 其次 然后 接着 最后 最终 同时 其中 此外 另外 随后
    之后 以后 之前 以前 后来 当时 现在 目前 当前 如今 主要 通常 一般 常见 常用 常常 往往 经常 直接
    分别 似乎 几乎 大约 尤其 特别 特别是 尤其是 已经 正在 依然 仍然 一直 所谓 所有 全部 大量 许多
    很多 多种 多个 各种 各个 每个 每种 一些 一个 一种 一类 一次 一条 一份 一项 一名 一位 一套 两个
    两种 三个 三种 几个 几种 若干 第一 第二 第三 这个 这种 这些 这类 这样 那个 那种 那些 它们 他们
    我们 你们 自己 什么 怎样 如何 为何 不同 不同的 相同 著名 知名 有名 高效 典型 经典 传统 现代 最新
    新的 原来 原先 真正 简单 复杂 优化了 结合了 使用了 采用了 引入了 提出了 中的 里的 上的 下的
    与其 及其 来说 而言 一派 进入 走向 依次 写作 读作 意为 意即 以便 从而 于是 实际 实际上 本质 本质上
    """.split()
)
#: Verbs that jieba glues to what follows.
_GLUED = ("叫做", "称为", "叫", "称", "把", "被", "用", "即", "进了", "了", "的", "与", "和")
#: What a Chinese name does not end with.
_NOT_LAST = tuple("的了着过等时中里内后前上是为之年月日号个与和")
#: Joining words: where the Latin name has one, the Chinese may have the other inside.
_JOINED = {"and": "和与及", "to": "到对至", "or": "或", "&": "和与及"}
#: Chinese in brackets behind a Latin name that says something else about it.
_ASIDES = frozenset(
    """
    推荐 不推荐 可选 必需 必选 必填 必要 默认 缺省 正确 错误 左图 右图 上图 下图 图中 左侧 右侧 上方
    下方 草案 作者 译注 译者 笔者 编者 官方 开源 免费 收费 付费 中文 英文 英语 中国 美国 日本 英国 德国
    法国 简体 繁体 下同 待续 未完 续 废弃 弃用 旧版 新版 最新 实验性 公司 语言 编程语言 工具 框架
    数据库 软件 城市 国家 人名 地名 论文 期刊 会议 来源 首播 业余 草稿 附录 上文 下文 前文 后文 见下文
    见上文 参见 参考 详见 单位 如图 如下 如上 万元 亿元 人民币 美元 左右 以上 以下 以内 上集 下集
    第一 第二 简单 困难 中等 容易 完成 未完成 失败 成功 真 假 左 右 上 下 甲 乙 同上 同前 合著 主编
    """.split()
)
#: The same before or in Chinese in brackets.
_ASIDE_WORDS = _BEFORE - frozenset("对 以 可 之 加 不 本 各 过 时 后 中 同 次 位".split()) | frozenset(
    "例如 见 参见 详见 注 约 共 含 非 未 无 仅 除 今 原 现 旧 前 前称 原称 原名 一作 包括 下 上".split()
)
#: Kinds of things: a single capitalised name behind one is more often an example of it.
_KINDS = (
    "数据库", "框架", "工具", "平台", "公司", "作者", "软件", "服务", "产品", "数据集", "论文", "项目",
    "网站", "插件", "芯片", "显卡", "脚本", "文件", "命令", "函数", "参数", "字段", "变量", "接口",
    "系统", "语言", "库", "大学", "实验室", "团队", "厂商", "版本", "任务", "方法", "会议", "模型",
)  # fmt: skip
_UNITS = frozenset(
    """
    b kb mb gb tb pb kib mib gib tib ms us ns s sec min h hr hz khz mhz ghz kg mg g km m cm mm nm in
    ft lb oz px pt em rem db dbm v kv mv ma kw w mw kwh j k c f rpm bps kbps mbps gbps fps usd rmb
    cny eur jpy gbp am pm bc ad ok no yes na tbd todo wip ii iii iv vi vii viii ix xi xii max sum
    """.split()
)  # fmt: skip
#: Words with which an aside opens or of which it consists, not a name.
_NOT_FIRST = (ASKING - {"no", "not", "just", "out"}) | frozenset(
    """
    see eg ie cf note only optional default recommended required left right new old deprecated
    including like not no yes fig figure table section eq equation appendix chapter page approx
    about around et al etc ibid until since before after between under over about roughly usually
    often e.g i.e https http www
    """.split()
)
#: Words before a Latin name in running text.
_NOT_IN_NAME = (ASKING - {"of", "and", "to", "in", "on", "for", "as", "over"}) | frozenset(
    "use uses used using called named known via plus see with we introduce introduces".split()
)
#: Words of an expansion for which its short form need not have a letter,
_SKIPPED = frozenset("a an and as at by for from in of on or over per the to via with".split())
#: and those with which it may go on behind the last letter.
_TRAILING = frozenset(
    "algorithm layer layers loss method model models module network networks protocol system".split()
)
_DIGITS = {"2": ("two", "to", "second"), "3": ("three", "third"), "4": ("four", "for")}


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    chinese: bool


def introductions(text: str) -> list[tuple[str, str]]:
    """Pairs of names for the same thing, each once, in the order of the text.

    Names are as they stand there but with width folded and Simplified, at most `LONGEST`
    characters; at most `MOST_PAIRS` pairs.
    """
    plain = normalise(text)
    found: dict[tuple[str, str], None] = {}
    for names in _groups(plain):
        for one, other in combinations(dict.fromkeys(name.text for name in names), 2):
            if (other, one) not in found:
                found[one, other] = None
        if len(found) >= MOST_PAIRS:
            break
    return list(found)[:MOST_PAIRS]


def key(name: str) -> str:
    """The form in which names are compared: Latin words as the index has them, or Chinese.

    `Gradient Checkpointing` -> `gradient checkpoint`; `梯度檢查點` -> `梯度检查点`; empty for a name
    that has neither.
    """
    plain = normalise(name)
    if re.search(rf"[{_HAN}]", plain):
        return "".join(plain.split())
    return " ".join(latin_terms(plain))


def pairs(text: str) -> list[tuple[str, str]]:
    """`introductions` as keys, each pair once in one direction; none with itself or with nothing."""
    found: dict[tuple[str, str], None] = {}
    for one, other in introductions(text):
        pair = key(one), key(other)
        if all(pair) and pair[0] != pair[1] and pair[::-1] not in found:
            found[pair] = None
    return list(found)


def _groups(text: str) -> Iterator[Sequence[_Name]]:
    """Names that mean one thing, bracket by bracket, then where the text says so outside."""
    for place, match in enumerate(_BRACKET.finditer(text)):
        if place >= _MOST_PLACES:
            break
        yield _bracketed(text[max(0, match.start() - LONGEST - 2) : match.start()], match[1])
    for place, match in enumerate(_SAYS.finditer(text)):
        if place >= _MOST_PLACES:
            break
        yield _said(text, match)


def _bracketed(before: str, inside: str) -> Sequence[_Name]:
    parts: list[_Name] = []
    said = False  # that a Chinese name for the Chinese before follows
    for part in _PART.split(inside):
        stripped = part.strip(" :")
        label = _LABEL.match(stripped)
        said = said or label is not None
        bare = stripped[label.end() if label else 0 :].strip(_QUOTES)
        if not bare:
            continue
        name = _name(bare, said=label is not None)
        if name is None:
            return ()
        parts.append(name)
    if not 0 < len(parts) <= _MOST_PARTS or not _agree(parts, said=said):
        return ()
    first = _name_before(before, parts, said=said)
    return (first, *parts) if first and _agree([first, *parts], said=said) else ()


def _name(text: str, *, said: bool) -> _Name | None:
    """The name that is all of a text, if it is one."""
    if len(text) > LONGEST:
        return None
    if _CHINESE.fullmatch(text):
        words = rjieba.cut(text)
        longest = _LONGEST_PERSON if re.search(r"[·・‧]", text) else _LONGEST_CHINESE
        if (
            not _SHORTEST_CHINESE <= len(text) <= longest
            or text in _ASIDES
            or words[0] in _ASIDES
            or text.endswith(_NOT_LAST)
            or any(word in _ASIDE_WORDS for word in words)
        ):
            return None
        return _Name(text, True)
    if not _LATIN.fullmatch(text):
        return None
    words = re.split(r"[ ]", text)
    lower = [word.casefold().strip("-'’&") for word in words]
    if (
        len(text) < _SHORTEST_FORM
        or len(words) > _MOST_WORDS
        or any(word.isdigit() for word in lower)
        or text[0].isdigit() and not re.search(r"[A-Z]", text)
        or lower[0] in _NOT_FIRST and not text.isupper()
        or lower[-1] in _NOT_FIRST and not text.isupper()
        or "et" in lower and "al" in lower
        or len(lower) == 1 and lower[0] in _UNITS
        or not re.search(_WORD, text)
    ):
        return None
    return _Name(text, False)


def _agree(names: Sequence[_Name], *, said: bool) -> bool:
    """Whether names may mean one thing: short forms must fit, Chinese be told to be the same."""
    for one, other in combinations(names, 2):
        if one.chinese and other.chinese:
            if not said:
                return False
        elif not one.chinese and not other.chinese:
            if not (_abbreviates(one.text, other.text) or _abbreviates(other.text, one.text)):
                return False
        else:
            chinese, latin = (one, other) if one.chinese else (other, one)
            if not _alike_long(chinese.text, latin.text):
                return False
    return True


def _alike_long(chinese: str, latin: str) -> bool:
    """Whether a Chinese name is about as long as a Latin one makes it."""
    if re.search(r"[·・‧]", chinese):
        return True
    if _is_short_form(latin):
        return len(chinese) <= 2 * sum(char.isalpha() for char in latin) + 2
    words = [word for word in _PIECE.findall(latin) if word.casefold() not in _SKIPPED]
    return len(words) <= len(chinese) <= 3 * len(words) + 3


def _is_short_form(name: str) -> bool:
    letters = [char for char in name if char.isalpha()]
    return (
        " " not in name
        and _SHORTEST_FORM <= len(letters) <= _LONGEST_FORM
        and 2 * sum(char.isupper() for char in letters) >= len(letters)
    )


def _name_before(before: str, parts: Sequence[_Name], *, said: bool) -> _Name | None:
    """The name that ends where a bracket opens."""
    before = before.removesuffix(" ")
    if quoted := _QUOTED.search(before):
        return _name(quoted[1], said=said)
    if match := _CHINESE_END.search(before):
        return _chinese_before(before[: match.start()], match[0], parts)
    if match := _LATIN_END.search(before):
        return _latin_before(before[: match.start()], match[0].split(" "), parts)
    return None


def _latin_before(context: str, words: list[str], parts: Sequence[_Name]) -> _Name | None:
    latin = [part.text for part in parts if not part.chinese]
    if latin:
        if any(_abbreviates(words[-1], other) for other in latin):
            return _name(words[-1], said=True)
        for whole in (True, False):  # initials alone are surer than letters inside words
            for count in range(1, min(len(words), _MOST_WORDS) + 1):
                phrase = " ".join(words[-count:])
                if any(_abbreviates(other, phrase, initials=whole) for other in latin):
                    return _name(phrase, said=True)
        return None
    for position in range(len(words) - 1, -1, -1):
        if words[position].casefold() in _NOT_IN_NAME:
            words = words[position + 1 :]
            break
    if not 0 < len(words) <= _MOST_WORDS_IN_PROSE:
        return None
    return _name(" ".join(words), said=True)


def _chinese_before(context: str, run: str, parts: Sequence[_Name]) -> _Name | None:
    latin = [part.text for part in parts if not part.chinese]
    if re.search(r"[·・‧]", run):
        return _person(run, context)
    words = rjieba.cut(run[-2 * _LONGEST_CHINESE :])
    joined = {
        char
        for name in latin
        for word in name.casefold().split(" ")
        for char in _JOINED.get(word, "")
    }
    start = len(words) - 1
    while start > 0 and (words[start - 1] not in _BEFORE or words[start - 1] in joined):
        start -= 1
    name = "".join(words[start:])
    for glued in _GLUED:
        if words[start].startswith(glued) and len(words[start]) > len(glued) + 1:
            name = name.removeprefix(glued)
            break
    if start == 0 and words[0] in _BEFORE:
        return None
    if start == 0 and len(run) <= 2 * _LONGEST_CHINESE and re.search(r"[^\W_] ?$", context):
        mixed = re.search(rf"([^\W_{_HAN}]+) ?$", context)
        if len(name) < _OWN or mixed is None:
            return None
    if name.endswith(_NOT_LAST) or not _SHORTEST_CHINESE <= len(name) <= _LONGEST_CHINESE:
        return None
    if name.endswith(_KINDS) and any(_is_proper(other) for other in latin):
        return None
    return _Name(name, True)


def _is_proper(latin: str) -> bool:
    """Whether a name is one capitalised word, no short form: rather one thing than a kind."""
    return " " not in latin and not latin.islower() and not latin.isupper()


def _person(run: str, context: str) -> _Name | None:
    first = re.split(r"[·・‧]", run)[0]
    last = rjieba.cut(first[-2 * _LONGEST_CHINESE :])[-1]
    name = last + run[len(first) :]
    if len(last) < _SHORTEST_CHINESE or last in _BEFORE or len(name) > _LONGEST_PERSON:
        return None
    return _Name(name, True)


def _said(text: str, match: re.Match[str]) -> Sequence[_Name]:
    """Names on both sides of `又称` outside brackets, where each is all of its clause."""
    before = text[max(0, match.start() - LONGEST - 2) : match.start()]
    if before.endswith(")") and "(" in before:  # names in between were seen to already
        before = before[: before.rindex("(")].rstrip(" ")
    quoted = _QUOTED.search(before)
    clause = quoted[1] if quoted else _CLAUSE.search(before)[0]  # type: ignore[index]
    for earlier in _SAYS.finditer(clause):
        clause = clause[earlier.end() :]
        break
    first = _whole(clause.strip())
    names = [first] if first else []
    position = match.end()
    while first and len(names) <= _MOST_PARTS:
        after = text[position : position + LONGEST + 2]
        found = _CHINESE.match(after.lstrip("“「『《")) or _LATIN.match(after.lstrip("“「『《"))
        opened = len(after) - len(after.lstrip("“「『《"))
        name = _whole(re.split(r"是|,", found[0])[0]) if found else None
        if found is None or name is None:
            break
        end = position + opened + len(name.text)
        if not _CLAUSE_END.match(text, end):
            break
        names.append(name)
        closed = end + bool(re.match("[”」』》]", text[end : end + 1]))
        if text[closed : closed + 1] != "、":
            break
        position = closed + 1
    return names if len(names) > 1 and _agree(names, said=True) else ()


def _whole(clause: str) -> _Name | None:
    """The name that a clause consists of, if it has no word that belongs to none."""
    name = _name(clause, said=True)
    if name is None or not name.chinese:
        return name
    return None if any(word in _BEFORE for word in rjieba.cut(clause)) else name


def _abbreviates(short: str, long: str, *, initials: bool = False) -> bool:
    """Whether the letters of a short form are those of a longer name, word by word.

    Each word gives its initial, and with `initials` nothing else, but joining words may give none.
    """
    letters = re.sub(r"[^\w]", "", short)
    if letters[:-1].isupper() and letters.endswith("s"):
        letters = letters[:-1]
    if (
        not _SHORTEST_FORM <= len(letters) <= _LONGEST_FORM
        or " " in short
        or len(long) <= len(short)
        or sum(char.isupper() for char in letters) < _SHORTEST_FORM
    ):
        return False
    wanted = letters.casefold()
    words = _PIECE.findall(long)
    reached = {0}
    for position, word in enumerate(words):
        if len(wanted) in reached and all(w.casefold() in _TRAILING for w in words[position:]):
            return True
        reached = _after(wanted, word, reached, initials=initials, opening=position == 0)
        if not reached:
            return False
    return len(wanted) in reached


def _after(
    wanted: str, word: str, reached: set[int], *, initials: bool, opening: bool
) -> set[int]:
    """How many letters may have been found behind a word, from how many before it."""
    plain = word.casefold()
    after = set(reached) if plain in _SKIPPED and not opening else set()
    for position in reached:
        if plain in _DIGITS.get(wanted[position : position + 1], ()):
            after.add(position + 1)
        if wanted[position : position + 1] != plain[0]:
            continue
        after.add(position + 1)
        if initials and not word.isupper():
            continue
        at = position + 1
        for char in plain[1:]:
            if wanted[at : at + 1] == char:
                at += 1
                after.add(at)
    return after
