"""Bytes -> text, with the encoding guessed as browsers guess it.

byte order mark -> valid UTF-8 -> what header and markup declare -> UTF-8 with scratches
-> what the letters look like -> windows-1252

Unlike a browser, what the bytes themselves show goes before what is said of them: servers that
declare a charset for every file they hold are the commonest liars.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

import webencodings

Markup = Literal["xml", "html", "text"]

#: Bytes within which a declaration is looked for; browsers look at 1024, pages put scripts first.
DECLARED_WITHIN = 4096
#: Bytes that are looked at to tell what letters they are.
SAMPLE = 64 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML = re.compile(rb"^\s*<\?xml\b[^>]{0,400}?\bencoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_META = re.compile(rb"<meta\b[^>]{0,800}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.I)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]{4,}")
#: What `&#1;` would mean: nothing that XML 1.0, 2.2 lets stand in a document.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PRIVATE = re.compile("[\x80-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")

#: Python's codecs for the encodings of https://encoding.spec.whatwg.org/ that are legacy, supersets
#: where it has them: a page that says gb2312 means whatever Windows could write. Several where
#: none has all of it.
_CODECS: dict[str, tuple[str, ...]] = {
    "gbk": ("gb18030",),
    "gb18030": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "euc-kr": ("cp949",),
    "iso-8859-8-i": ("iso8859-8",),
    "x-user-defined": ("cp1252",),
    "windows-1252": ("cp1252",),
    "macintosh": ("mac_roman",),
    "x-mac-cyrillic": ("mac_cyrillic",),
}
#: Those in which a letter is more than a byte, so that broken ones are noticed.
_IN_PAIRS = {"gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"}
#: The detector speaks of the later standard, whose codec reads some letters of the earlier anew.
_SMALLER = {"euc_jis_2004": ("euc_jp",), "big5hkscs": ("cp950",)}
#: Names that Windows and Python use and browsers do not know.
_ALIASES = {
    "cp932": "shift_jis",
    "ms932": "shift_jis",
    "cp936": "gbk",
    "ms936": "gbk",
    "cp949": "euc-kr",
    "ms949": "euc-kr",
    "cp950": "big5",
    "ms950": "big5",
    "gb_18030": "gb18030",
    "euc_jp": "euc-jp",
    "utf_8": "utf-8",
    "utf_16": "utf-16",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "hz": "hz-gb-2312",
}
#: Encodings written in ASCII with escapes; HZ is one that browsers no longer read.
_ESCAPED = {"iso-2022-jp": "iso2022_jp_2", "hz-gb-2312": "hz"}
#: What the detector may answer: what is met on the web, not what was written on mainframes.
_MET = tuple(
    "gb18030 big5hkscs cp932 euc_jis_2004 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256"
    " cp1257 cp1258 cp874 koi8-r koi8-u iso8859-2 iso8859-5 iso8859-7 iso8859-8 cp866".split()
)
#: Confidence below which the detector only guesses which alphabet a few accented letters are of.
UNSURE = 0.05


def decoded(body: bytes, charset: str | None = None, markup: Markup = "html") -> str:
    """The text of a body; `charset` is what the header said, `markup` where else it may be said.

    Never raises: what cannot be read becomes U+FFFD.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    head = body[:DECLARED_WITHIN]
    labels = [label for label in (_known(charset), _known(_declared(head, markup))) if label]
    wide = _wide(body, labels, markup)
    if wide is not None:
        return wide
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, labels)
    if body.isascii():
        return _escaped(body, labels) or text
    return text


def without_controls(text: str) -> str:
    """The text without the characters that XML 1.0 forbids, NUL and lone surrogates among them."""
    return _FORBIDDEN.sub("", text)


def _declared(head: bytes, markup: Markup) -> str | None:
    """The label that a document gives itself."""
    if markup == "text":
        return None
    found = _XML.search(head)
    if found is None and markup == "html":
        found = _META.search(_COMMENT.sub(b"", head))
    return found[1].decode("ascii") if found else None


def _known(label: str | None) -> str | None:
    """The name of the encoding that browsers know by this label."""
    if label is None:
        return None
    label = label.strip("\t\n\f\r \"'").lower()
    label = _ALIASES.get(label, label)
    if label in _ESCAPED:
        return label
    encoding = webencodings.lookup(label)
    return None if encoding is None or encoding.name == "replacement" else str(encoding.name)


def _wide(body: bytes, labels: list[str], markup: Markup) -> str | None:
    """The text where it is UTF-16 without a mark, which shows in every second byte of ASCII."""
    sample = body[:1024]
    even, odd = sample[0::2], sample[1::2]
    codec = None
    if markup != "text" and len(sample) >= 4:
        little = even[:1] == b"<" and odd[:2] == b"\0\0" and even[1:2] != b"\0"
        big = odd[:1] == b"<" and even[:2] == b"\0\0" and odd[1:2] != b"\0"
        codec = "utf-16-le" if little else "utf-16-be" if big else None
    if codec is None and len(sample) >= 8:
        low, high = even.count(0), odd.count(0)
        if high * 3 > len(odd) and low * 20 <= len(even):
            codec = "utf-16-le"
        elif low * 3 > len(even) and high * 20 <= len(odd):
            codec = "utf-16-be"
    if codec is None:
        said = next((label for label in labels if label.startswith("utf-16")), None)
        if said is None or _strict(body, "utf-8") is not None:
            return None
        # Without a single ASCII letter, only the label tells; it must at least be possible.
        return _strict(body, "utf-16-be" if said.endswith("be") else "utf-16-le")
    return body.decode(codec, "replace").removeprefix("\ufeff")


def _escaped(body: bytes, labels: list[str]) -> str | None:
    """The text where ASCII stands for more than itself; only a declaration can say so."""
    for label in labels:
        codec = _ESCAPED.get(label)
        if codec is not None and (b"\x1b" in body or b"~{" in body):
            return body.decode(codec, "replace")
    return None


def _legacy(body: bytes, labels: list[str]) -> str:
    """The text of a body that is neither ASCII nor flawless UTF-8."""
    scratched = body.decode("utf-8", "replace")
    bad, good = _damage(scratched)
    if bad * 10 <= good or ("utf-8" in labels and bad * 2 <= good):
        return scratched
    names = [label for label in dict.fromkeys(labels) if not label.startswith("utf-")]
    texts = {name: text for name in names if (text := _read(body, name)) is not None}
    likely = [name for name in texts if _plausible(body, name, texts[name])]
    if len(likely) == 1:
        return texts[likely[0]]
    if len(likely) > 1:
        among = {codec: name for name in likely for codec in _CODECS.get(name, (name,))}
        return texts[among.get(_detected(body, tuple(among)), likely[0])]
    for name in names:
        # A few broken bytes, of an excerpt that was cut within a letter, say nothing against a
        # declaration; where each byte is a letter, nothing is ever broken.
        if name in _IN_PAIRS:
            text = _mended(body, _CODECS[name][0])
            bad, good = _damage(text)
            if bad * 10 <= good:
                return text
    detected = _detected(body, _MET)
    for codec in (*_SMALLER.get(detected, ()), detected):
        text = _strict(body, codec)
        if text is not None:
            return text
    return next(iter(texts.values()), None) or _mended(body, detected)


def _read(body: bytes, name: str) -> str | None:
    for codec in _CODECS.get(name, (name,)):
        text = _strict(body, codec)
        if text is not None:
            return text
    return None


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _mended(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec, "replace")
    except LookupError:
        return body.decode("cp1252", "replace")


def _damage(text: str) -> tuple[int, int]:
    """How many characters could not be read, and how many beyond ASCII could."""
    bad = text.count("\ufffd")
    return bad, len(text) - len(text.encode("ascii", "ignore")) - bad


def _plausible(body: bytes, name: str, text: str) -> bool:
    """Whether a declared encoding that decodes every byte can be meant.

    Windows-1252 decodes almost anything, and servers declare it for almost anything.
    """
    beyond = _beyond(body)
    if name == "windows-1252":
        return _western(body)
    return sum(1 for _ in _PRIVATE.finditer(text)) * 10 <= beyond


def _western(body: bytes) -> bool:
    """Whether letters beyond ASCII mostly stand alone, as they do in the languages of the west."""
    return sum(len(run[0]) for run in _RUN.finditer(body)) * 2 <= _beyond(body)


def _beyond(body: bytes) -> int:
    """How many bytes are beyond ASCII."""
    return len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))


def _sample(body: bytes) -> bytes:
    """The part of a body that tells most: without tags, from its first byte beyond ASCII."""
    first = _NOT_ASCII.search(body)
    start = max(0, first.start() - 64) if first else 0
    return _TAG.sub(b" ", body[start : start + 4 * SAMPLE])[:SAMPLE]


def _detected(body: bytes, among: tuple[str, ...]) -> str:
    """The codec, one of those given, whose letters these look like; else windows-1252."""
    import chardet  # Its models cost a tenth of a second; most bodies never need them.

    try:
        found = chardet.detect(
            _sample(body),
            include_encodings=among,
            compat_names=False,
            no_match_encoding=among[0],
        )
    except ValueError:
        # One of them is none that it knows.
        return among[0]
    codec = str(found["encoding"] or among[0])
    sure = (found["confidence"] or 0.0) >= UNSURE
    return codec if sure or among is not _MET or not _western(body) else "cp1252"
