"""What subscribers read of articles, of their wishes and of their settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.records import Place, Rhythm, Subscription
from bot.markup import Text
from bot.notices import (
    ON_A_PAGE,
    confirmation,
    described,
    listing,
    notice,
    plain_notice,
    settings_text,
    shown,
    subscriptions_text,
)
from bot.telegram_html import Parsed, parse_html
from bot.typed_settings import Zones, parse_setting
from bot.wishes import Trouble, Wish, parse_wish
from bot.wording import CHINESE, ENGLISH, LANGUAGES, Wording
from retrieval.article import Article
from tests.bot.fakes import article
from tests.bot.hostile import HOSTILE, words

wording = Wording(ENGLISH)
SHANGHAI = ZoneInfo("Asia/Shanghai")
AGAIN = "You may have had this already: Telegram did not tell me whether it arrived."
PLACE = Place(1, 50, 0, "private", "Ada", ENGLISH, "Asia/Shanghai")
CHANNEL = replace(PLACE, kind="channel", title="AI <News>")


def valid(whole: Text) -> Parsed:
    """What Telegram makes of one message, which it must take."""
    parsed = parse_html(whole.html)
    assert parsed.text.strip("\u200b\u200c\u200d\u2060 \n")
    assert len(parsed.text.encode("utf-16-le")) // 2 <= 4096
    assert len(parsed.entities) <= 100
    assert len(whole.html.encode()) <= 1 << 15
    return parsed


def marked(parsed: Parsed, kind: str) -> list[str]:
    units = parsed.text.encode("utf-16-le")
    return [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
        for each in parsed.entities
        if each.type == kind
    ]


def ranked(articles: Sequence[Article]) -> list[tuple[Article, float]]:
    return [(each, 1 - number / 1000) for number, each in enumerate(articles)]


def list_of(articles: Sequence[Article], kind: str = "digest", total: int | None = None) -> Text:
    return listing(ranked(articles), wording, SHANGHAI, kind=kind, total=total)


def wished(typed: str) -> Wish:
    wish = parse_wish(typed)
    assert not isinstance(wish, Trouble)
    return wish


# A notice


def test_a_notice_is_title_link_tags_date_and_first_sentences() -> None:
    told = notice(article(title="显存", tags=("LLM", "训练")), wording, SHANGHAI)
    assert told.html == (
        '<a href="https://blog.example/1"><b>显存</b></a>\n'
        "LLM · 训练 · 14 Mar 2026\n"
        "梯度检查点用计算换显存。反向传播时重新计算激活值。"
    )


def test_what_may_have_come_already_says_so_last_and_in_italics() -> None:
    parsed = valid(notice(article(), wording, SHANGHAI, again=True))
    assert marked(parsed, "italic") == [AGAIN]
    assert parsed.text.endswith("\n" + AGAIN)
    assert "已经收到过" in notice(article(), Wording(CHINESE), SHANGHAI, again=True).plain
    assert AGAIN not in notice(article(), wording, SHANGHAI).plain


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", "15 Mar 2026"), ("America/New_York", "14 Mar 2026")]
)
def test_the_date_is_the_places_day(zone: str, day: str) -> None:
    late = article(published=datetime(2026, 3, 14, 20, 0, tzinfo=UTC))
    assert day in notice(late, wording, ZoneInfo(zone)).plain


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "1 Jan 1"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "31 Dec 9999"),
    ],
)
def test_the_ends_of_the_calendar_are_days_too(moment: datetime, day: str) -> None:
    """FAILURES 16"""
    for zone in ("Asia/Shanghai", "America/New_York"):
        odd = article(published=moment)
        assert f"\n{day}\n" in notice(odd, wording, ZoneInfo(zone)).plain


def test_what_an_article_lacks_leaves_no_trace() -> None:
    """FAILURES 16"""
    bare = article(title="T", link=None, published=None, opening="")
    assert notice(bare, wording, UTC).html == "<b>T</b>"
    assert notice(article(title="", link=None, published=None, opening=""), wording, UTC).plain == (
        "a1"
    ), "an article that says nothing is known by its id"


@pytest.mark.parametrize("title", ["\u200b\u2060", "\u202e", " \n ", "\u3164"])
def test_a_title_that_nobody_sees_is_none(title: str) -> None:
    assert marked(valid(notice(article(title=title), wording, UTC)), "text_link") == ["a1"]


def test_in_plain_words_the_link_is_written_out() -> None:
    told = plain_notice(article(title="C#<T> & _x_"), wording, SHANGHAI, again=True)
    assert told.startswith("https://blog.example/1\nC#<T> & _x_\n14 Mar 2026\n梯度检查点")
    assert told.endswith(AGAIN)
    assert "&amp;" not in told


@pytest.mark.parametrize("title", [*HOSTILE, "字" * 10_000, "😀" * 3000, "word " * 2000])
def test_a_hostile_title_is_delivered(title: str) -> None:
    """FAILURES 12, 13"""
    told = notice(article(title=title), wording, SHANGHAI, again=True)
    parsed = valid(told)
    assert marked(parsed, "italic") == [AGAIN]
    assert "梯度检查点用计算换显存。" in parsed.text
    assert len(marked(parsed, "text_link")) == 1
    assert len(plain_notice(article(title=title), wording, SHANGHAI)) <= 4096


def test_signs_of_code_are_shown_as_they_are() -> None:
    """FAILURES 12"""
    parsed = valid(notice(article(title="C#<T> & _x_"), wording, SHANGHAI))
    assert marked(parsed, "text_link") == ["C#<T> & _x_"]


hostile_articles = st.builds(
    lambda number, title, opening, link, tags, published: article(
        number,
        title=title,
        link=link,
        tags=tuple(tags),
        opening=opening,
        published=published,
    ),
    st.integers(1, 9),
    words,
    st.builds(lambda some, times: some * times, words, st.integers(0, 40)),
    st.one_of(st.none(), words, words.map(lambda some: f"https://blog.example/{some}")),
    st.lists(words, max_size=7),
    st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
)
zones = st.sampled_from([UTC, SHANGHAI, ZoneInfo("America/St_Johns")])


@settings(deadline=None, max_examples=150)
@given(hostile_articles, zones, st.booleans(), st.sampled_from(LANGUAGES))
def test_hostile_articles_make_valid_notices(
    hostile: Article, zone: ZoneInfo, again: bool, language: str
) -> None:
    """FAILURES 12, 16"""
    valid(notice(hostile, Wording(language), zone, again=again))
    plain = plain_notice(hostile, Wording(language), zone, again=again)
    assert 0 < len(plain.encode("utf-16-le")) // 2 <= 4096
    assert len(shown(hostile)) == 16


def test_a_notice_looks_otherwise_when_its_title_or_link_does() -> None:
    """FAILURES 4: only then it is edited."""
    first = article(title="T")
    assert shown(replace(first, title="T ")) == shown(first), "nobody would see it"
    assert shown(replace(first, opening="else", tags=("else",), published=None)) == shown(first)
    others = [replace(first, title="T2"), replace(first, link="https://blog.example/2")]
    assert len({shown(each) for each in (first, *others, replace(first, link=None))}) == 4


# A listing


def test_a_listing_is_grouped_by_first_tag_the_best_group_first() -> None:
    best = [
        article(1, tags=("LLM", "训练")),
        article(2, tags=("视觉",)),
        article(3),
        article(4, tags=("llm",)),
        article(5, tags=("视觉", "LLM")),
    ]
    assert list_of(best).html == (
        "<b>Digest: 5 new articles</b>\n\n"
        "<b>LLM</b>\n"
        '• <a href="https://blog.example/1">Article 1</a> · 14 Mar 2026\n'
        '• <a href="https://blog.example/4">Article 4</a> · 14 Mar 2026\n\n'
        "<b>视觉</b>\n"
        '• <a href="https://blog.example/2">Article 2</a> · 14 Mar 2026\n'
        '• <a href="https://blog.example/5">Article 5</a> · 14 Mar 2026\n\n'
        "<b>Other</b>\n"
        '• <a href="https://blog.example/3">Article 3</a> · 14 Mar 2026'
    )


def test_without_tags_there_are_no_groups() -> None:
    parsed = valid(list_of([article(1), article(2, tags=("#", "\u200b"))]))
    assert marked(parsed, "bold") == ["Digest: 2 new articles"]
    assert marked(parsed, "text_link") == ["Article 1", "Article 2"]


@pytest.mark.parametrize(
    ("kind", "language", "one", "several"),
    [
        ("burst", ENGLISH, "One new article", "7 new articles"),
        ("digest", ENGLISH, "Digest: one new article", "Digest: 7 new articles"),
        ("backlog", ENGLISH, "Meanwhile one article", "Meanwhile 7 articles"),
        ("burst", CHINESE, "1 篇新文章", "7 篇新文章"),
        ("digest", CHINESE, "新文章汇总：1 篇", "新文章汇总：7 篇"),
        ("backlog", CHINESE, "这段时间的 1 篇新文章", "这段时间的 7 篇新文章"),
    ],
)
def test_the_heading_counts(kind: str, language: str, one: str, several: str) -> None:
    for count, said in ((1, one), (7, several)):
        own = ranked([article(number) for number in range(count)])
        assert listing(own, Wording(language), UTC, kind=kind).plain.startswith(said)


def test_what_does_not_fit_is_counted_and_the_best_are_shown() -> None:
    many = [article(number, title=f"T{number} " + "字" * 90) for number in range(200)]
    parsed = valid(list_of(many))
    titles = marked(parsed, "text_link")
    assert [title.split()[0] for title in titles] == [f"T{number}" for number in range(len(titles))]
    assert 30 < len(titles) < 40
    assert parsed.text.startswith("Digest: 200 new articles\n")
    assert parsed.text.endswith(f"… and {200 - len(titles)} more, see /latest")
    assert len(parsed.text) > 3900, "one more would have fitted"


def test_a_hundred_links_are_as_many_as_telegram_shows() -> None:
    parsed = valid(list_of([article(number, title="T") for number in range(150)]))
    assert len(marked(parsed, "text_link")) == 99
    assert parsed.text.endswith("… and 51 more, see /latest")


def test_those_that_were_never_handed_over_are_counted_too() -> None:
    parsed = valid(list_of([article(1)], total=1000))
    assert "Digest: 1,000 new articles" in parsed.text
    assert "… and 999 more" in parsed.text
    assert "… and one more, see /latest" in list_of([article(1)], total=2).plain
    assert "more" not in list_of([article(1)], total=1).plain


def test_nobody_can_ask_for_the_rest_in_a_channel() -> None:
    told = listing(ranked([article(1)]), wording, UTC, kind="burst", total=3, channel=True)
    assert told.plain.endswith("\n\n… and 2 more")


def test_a_listing_that_may_have_come_already_says_so() -> None:
    many = [article(number, title="字" * 110) for number in range(100)]
    told = listing(ranked(many), wording, UTC, kind="digest", again=True)
    assert marked(valid(told), "italic") == [AGAIN]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(hostile_articles, min_size=1, max_size=30),
    st.integers(1, 8),
    zones,
    st.sampled_from(["burst", "digest", "backlog"]),
    st.booleans(),
)
def test_hostile_articles_make_valid_listings(
    hostile: list[Article], times: int, zone: ZoneInfo, kind: str, again: bool
) -> None:
    """FAILURES 12, 13"""
    own = ranked(hostile * times)
    told = valid(listing(own, wording, zone, kind=kind, again=again))
    bullets = sum(line.startswith("• ") for line in told.text.split("\n"))
    assert bullets > 0
    more = [line for line in told.text.split("\n") if line.startswith("… and ")]
    counted = len(own) - bullets
    if counted:
        assert f"… and {'one' if counted == 1 else counted} more, see /latest" in more


def test_the_longest_links_leave_room_for_one_article() -> None:
    url = "https://blog.example/?" + "&" * 2000
    own = [article(number, title="😀" * 3000, link=url, tags=("😀" * 100,)) for number in range(50)]
    assert len(marked(valid(list_of(own)), "text_link")) >= 1
    valid(notice(own[0], wording, UTC, again=True))
    assert plain_notice(own[0], wording, UTC).startswith(url)


# Wishes in words


@pytest.mark.parametrize(
    ("wish", "english", "chinese"),
    [
        (Wish(), "every new article", "所有新文章"),
        (Wish(tags=("LLM",)), "#LLM", "#LLM"),
        (Wish(tags=("LLM", "RAG")), "#LLM or #RAG", "#LLM 或 #RAG"),
        (Wish(tags=("a", "b", "c")), "#a, #b or #c", "#a、#b 或 #c"),
        (
            Wish(phrases=("KV cache",), excluded=("vLLM",)),
            "“KV cache” but not vLLM",
            "“KV cache”，但不含 vLLM",
        ),
        (Wish(phrases=("a", "b")), "“a” and “b”", "“a”和“b”"),
        (
            Wish(excluded=("x", "y")),
            "every new article but not x or y",
            "所有新文章，但不含 x 或 y",
        ),
        (Wish(about="扩散模型"), "about “扩散模型”", "关于“扩散模型”"),
        (
            Wish(about="扩散模型", strictness=1),
            "about “扩散模型” (stricter)",
            "关于“扩散模型”（严格一些）",
        ),
        (
            Wish(about="X", strictness=-2, tags=("LLM",), excluded=("y",)),
            "#LLM, about “X” (much looser) but not y",
            "#LLM、关于“X”（宽松得多），但不含 y",
        ),
    ],
)
def test_a_wish_in_words(wish: Wish, english: str, chinese: str) -> None:
    assert described(wish, wording) == english
    assert described(wish, Wording(CHINESE)) == chinese


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_strictness_has_its_words(language: str) -> None:
    said = {described(Wish(about="x", strictness=each), Wording(language)) for each in range(-2, 3)}
    assert len(said) == 5


# Confirmations


def test_a_confirmation_shows_what_would_have_matched() -> None:
    told = valid(
        confirmation(wished("#LLM"), wording, [article(number) for number in range(9)], place=PLACE)
    )
    assert told.text == (
        "Subscribed: #LLM.\n\n"
        "9 of the latest articles would have been announced, the newest:\n"
        "• Article 0\n• Article 1\n• Article 2\n• Article 3\n• Article 4\n\n"
        "Nothing old is sent. New articles come at once; /settings changes that, "
        "/subscriptions shows all there is."
    )
    assert marked(told, "text_link") == [f"Article {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("matches", "language", "said"),
    [
        ([], ENGLISH, "None of the latest articles would have been announced."),
        ([], CHINESE, "最近的文章里没有符合的"),
        (None, ENGLISH, "I cannot show yet"),
        (None, CHINESE, "暂时看不出"),
        ([article()], ENGLISH, "this one would have been announced:\n• Article 1"),
        ([article()], CHINESE, "有 1 篇符合：\n• Article 1"),
    ],
)
def test_it_says_honestly_what_it_knows(
    matches: list[Article] | None, language: str, said: str
) -> None:
    for wish in (Wish(about="x"), Wish(tags=("x",))):
        assert said in confirmation(wish, Wording(language), matches).plain


def test_whoever_hears_everything_needs_no_examples() -> None:
    for matches in (None, [article()]):
        told = confirmation(Wish(), wording, matches, place=PLACE).plain
        assert told.startswith("Subscribed: every new article.\n\nNothing old is sent.")


def test_it_says_when_articles_come() -> None:
    weekly = replace(PLACE, rhythm=Rhythm.WEEKLY, weekday=4, hour=18)
    told = confirmation(Wish(), wording, [], place=weekly).plain
    assert "New articles come every Friday at 18:00" in told
    told = confirmation(Wish(), Wording(CHINESE), [], place=weekly).plain
    assert "每周五 18:00 汇总" in told
    paused = confirmation(Wish(), wording, [], place=replace(PLACE, paused=True)).plain
    assert "paused" in paused
    assert "come at once" not in paused


def test_what_was_there_before_is_not_called_new() -> None:
    told = confirmation(Wish(), wording, [], place=PLACE, new=False).plain
    assert told == "You have this already: every new article. /subscriptions shows all."
    wish = Wish(about="x", strictness=1)
    changed = confirmation(wish, wording, [article()], place=PLACE, changed=True).plain
    assert changed.startswith("Changed to: about “x” (stricter).\n\nOf the latest articles")
    assert "Nothing old" not in changed


def test_a_channels_subscription_names_it() -> None:
    told = valid(confirmation(Wish(), wording, [], place=CHANNEL)).text
    assert told.startswith("Subscribed for AI <News>: every new article.")
    assert "/settings 50 changes that, /subscriptions 50 shows" in told
    nameless = replace(CHANNEL, title=" ", chat_id=-1009)
    assert "for -1009:" in confirmation(Wish(), wording, [], place=nameless).plain


@settings(deadline=None, max_examples=60)
@given(words, words, hostile_articles)
def test_hostile_wishes_make_valid_messages(typed: str, title: str, hostile: Article) -> None:
    """FAILURES 12"""
    wish = Wish(tags=(typed,), phrases=(typed, title), excluded=(typed,), about=title)
    place = replace(CHANNEL, title=title)
    valid(confirmation(wish, wording, [hostile] * 5, place=place))
    own = [Subscription(number, 1, wish, 0) for number in range(12)]
    valid(subscriptions_text(own, place, wording))
    valid(settings_text(place, wording, datetime(2026, 3, 14, tzinfo=UTC)))


# The list of subscriptions


def test_subscriptions_are_listed_with_their_number() -> None:
    own = [Subscription(7, 1, wished("#LLM"), 0), Subscription(9, 1, Wish(about="x"), 0)]
    assert subscriptions_text(own, PLACE, wording).html == (
        "<b>2 subscriptions</b>\n\n1. #LLM\n2. about “x”\n\nTouch one to remove it."
    )
    assert subscriptions_text(own[:1], CHANNEL, wording).html.startswith(
        "<b>One subscription of AI &lt;News&gt;</b>\n\n1. #LLM"
    )
    assert "paused" in subscriptions_text(own, replace(PLACE, paused=True), wording).plain


def test_without_any_it_tells_how_to_have_one() -> None:
    assert "/subscribe" in subscriptions_text([], PLACE, wording).plain
    assert "/subscribe" in subscriptions_text([], None, Wording(CHINESE)).plain


def test_many_stand_on_several_pages() -> None:
    own = [Subscription(number, 1, wished(f"#t{number}"), 0) for number in range(ON_A_PAGE + 2)]
    first = subscriptions_text(own, PLACE, wording).plain
    assert first.startswith("12 subscriptions\n\n1. #t0\n")
    assert "Page 1 of 2" in first
    last = subscriptions_text(own, PLACE, wording, 7).plain
    assert "\n\n11. #t10\n12. #t11\n\nPage 2 of 2" in last


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_list_is_one_message(language: str) -> None:
    wish = Wish(tags=tuple("😀" * 20 + str(number) for number in range(9)), about="😀" * 200)
    own = [Subscription(number, 1, wish, 0) for number in range(30)]
    valid(subscriptions_text(own, replace(CHANNEL, title="😀" * 200), Wording(language)))


# Settings


def test_settings_are_readable() -> None:
    now = datetime(2026, 3, 14, 6, 5, tzinfo=UTC)
    assert settings_text(PLACE, wording, now).html == (
        "<b>Settings</b>\n\n"
        "New articles come at once.\n"
        "Time zone: Shanghai, where it is 14:05 now.\n"
        "No quiet hours.\n"
        "Messages come with a sound.\n"
        "Links are shown with a preview."
    )
    other = replace(
        CHANNEL,
        rhythm=Rhythm.DAILY,
        hour=7,
        quiet_from=22 * 60 + 30,
        quiet_to=7 * 60,
        silent=True,
        preview=False,
        paused=True,
        zone="America/New_York",
    )
    assert settings_text(other, Wording(CHINESE), now).plain == (
        "AI <News> 的设置\n\n"
        "已暂停：不会推送，期间的新文章以后也不会补发。\n"
        "恢复之后：有新文章时每天 07:00 汇总发送。\n"
        "时区：纽约，现在是 02:05。\n"
        "免打扰时段：22:30-07:00，期间的文章会等到结束后再发。\n"
        "消息没有提示音。\n"
        "不显示链接预览。"
    )


def test_settings_of_a_place_without_subscriptions_say_that_nothing_will_come() -> None:
    now = datetime(2026, 3, 14, tzinfo=UTC)
    alone = settings_text(PLACE, wording, now, subscribed=False).plain
    assert alone.startswith("Settings\n\nThere are no subscriptions here yet: /subscribe\nNew art")
    channel = replace(CHANNEL, called="@night_reads")
    told = settings_text(channel, Wording(CHINESE), now, subscribed=False).plain
    assert "\n这里还没有订阅：/subscribe @night_reads\n" in told


def test_the_time_told_is_the_local_one_on_both_sides_of_a_change() -> None:
    berlin = replace(PLACE, zone="Europe/Berlin")
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert "it is 01:59 now" in settings_text(berlin, wording, before).plain
    after = before + timedelta(minutes=1)
    assert "it is 03:00 now" in settings_text(berlin, wording, after).plain


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("rhythm", "When shall new articles come?"),
        ("hour", "At what hour"),
        ("weekday", "On what day"),
        ("quiet", "/settings quiet"),
        ("zone", "/settings zone"),
    ],
)
def test_a_page_asks_what_its_buttons_answer(page: str, asked: str) -> None:
    now = datetime(2026, 3, 14, tzinfo=UTC)
    plain = settings_text(PLACE, wording, now, page).plain
    assert asked in plain.rsplit("\n\n", 1)[1]
    assert asked not in settings_text(PLACE, wording, now).plain


def test_what_can_be_typed_for_a_channel_names_it() -> None:
    """In Chinese too, and as the command is understood."""
    channel, now = replace(CHANNEL, chat_id=-1001234567890), datetime(2026, 3, 14, tzinfo=UTC)
    for language, typed in (
        (ENGLISH, "zone Lisbon"),
        (CHINESE, "时区 成都"),
        (ENGLISH, "quiet 22:30-07:00"),
        (CHINESE, "免打扰 22:30-07:00"),
    ):
        page = "quiet" if typed.endswith("00") else "zone"
        plain = settings_text(channel, Wording(language), now, page).plain
        assert plain.endswith(f"/settings -1001234567890 {typed}")
        understood = parse_setting(typed)
        assert understood != Trouble("settings-usage")
        assert understood != Zones(typed.split()[-1], ())
