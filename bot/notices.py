"""What subscribers read: articles, wishes and settings -> one message each.

Pure. Every text here fits into one message, whatever an article or a person wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import reduce

from bot.beginning import beginning
from bot.cards import LONGEST_TAG, day, lines, meta, one_line, title
from bot.cities import zone_called
from bot.cutting import blank, fits, shortened, split
from bot.ledger.records import Place, Rhythm, Subscription
from bot.markup import Text, bold, italic, link, text, web_url
from bot.timing import zone_or_utc
from bot.wishes import Wish
from bot.wording import Wording
from retrieval.article import Article
from retrieval.filter import name_key

#: Subscriptions on one page of the list of them.
ON_A_PAGE = 10
#: Articles that a confirmation names of those that would have been announced.
MOST_MATCHES = 5
LONGEST_LISTED = 120  # characters of a title in a listing
LONGEST_DESCRIBED = 200  # characters of a wish
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

STRICTNESS = {-2: "loosest", -1: "loose", 1: "strict", 2: "strictest"}


def notice(
    article: Article, wording: Wording, zone: tzinfo | None = None, *, again: bool = False
) -> Text:
    """An article: its title as a link, tags and date, its first sentences.

    `again` says that it may have come already, for nobody knows how the first time ended.
    """
    return lines(
        bold(link(article.link, title(article))),
        meta(article, wording, zone),
        text(beginning(article)),
        italic(wording.say("notice-again")) if again else text(),
    )


def plain_notice(article: Article, wording: Wording, zone: tzinfo, *, again: bool = False) -> str:
    """The same in plain words, for when Telegram refuses its looks: the link is written out."""
    whole = lines(text(web_url(article.link) or ""), notice(article, wording, zone, again=again))
    return split(whole)[0].plain


def shown(article: Article) -> str:
    """A digest, 16 characters long, of the title and the link that a notice shows."""
    told = "\n".join((title(article), web_url(article.link) or ""))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def listing(
    articles: Sequence[tuple[Article, float]],
    wording: Wording,
    zone: tzinfo,
    *,
    kind: str,
    again: bool = False,
    total: int | None = None,
    channel: bool = False,
) -> Text:
    """Several articles, best first, in one message, grouped by their first tag.

    `kind` is burst, digest or backlog. The best that fit are shown and the others counted, of
    `total` if there are more than `articles`. In a channel nobody can ask for the rest.
    """
    count = max(total or 0, len(articles))
    heading = {
        "burst": lambda: wording.say("listing-burst", count=count),
        "digest": lambda: wording.say("listing-digest", count=count),
        "backlog": lambda: wording.say("listing-backlog", count=count),
    }[kind]()

    def of_best(number: int) -> Text:
        blocks = [bold(heading), *_groups([each for each, _ in articles[:number]], wording, zone)]
        if count > number:
            more = count - number
            blocks.append(
                text(wording.say("listing-more-channel", count=more))
                if channel
                else text(wording.say("listing-more", count=more))
            )
        if again:
            blocks.append(italic(wording.say("notice-again")))
        return _apart(blocks)

    return of_best(_most(len(articles), lambda number: fits(of_best(number))))


def _most(highest: int, possible: Callable[[int], bool]) -> int:
    """The highest number that is possible, where none above an impossible one is."""
    if possible(highest):
        return highest
    low = 0
    while low < highest - 1:
        middle = (low + highest) // 2
        low, highest = (middle, highest) if possible(middle) else (low, middle)
    return low


def _groups(articles: Sequence[Article], wording: Wording, zone: tzinfo) -> list[Text]:
    """The articles in groups, best groups first; without headings where none has a tag."""
    groups: dict[str, list[Text]] = {}
    names: dict[str, str] = {}
    for article in articles:
        tag = _tag_of(article)
        key = name_key(tag)
        names.setdefault(key, tag or wording.say("listing-others"))
        groups.setdefault(key, []).append(_bullet(article, wording, zone))
    if not any(groups):
        return [lines(*bullets) for bullets in groups.values()]
    return [lines(bold(names[key]), *bullets) for key, bullets in groups.items()]


def _tag_of(article: Article) -> str:
    """Its first tag that says something, or nothing."""
    tags = (shortened(one_line(tag), LONGEST_TAG) for tag in article.tags)
    return next((tag for tag in tags if name_key(tag) and not blank(tag)), "")


def _bullet(article: Article, wording: Wording, zone: tzinfo) -> Text:
    name = link(article.link, title(article, LONGEST_LISTED))
    date = day(article, wording, zone)
    return text("• ", name, f" · {date}" if date else "")


def _apart(blocks: Sequence[Text]) -> Text:
    """The blocks with a blank line between them."""
    return text(*(piece for block in blocks for piece in (block, "\n\n"))).stripped()


def confirmation(
    wish: Wish,
    wording: Wording,
    would_match: Sequence[Article] | None,
    *,
    place: Place | None = None,
    new: bool = True,
    changed: bool = False,
    now: datetime | None = None,
) -> Text:
    """What a subscription to `wish` will do, and which of the newest articles it would have told.

    `would_match` is None where that cannot be told yet. `place` is where notices will go; without
    one nothing is said of when; of a digest also by which clock, if it is told what time it is
    `now`. The wish was there before unless it is `new`; `changed` says that only its strictness is.
    """
    told = described(wish, wording)
    if changed:
        said = wording.say("strictness-changed", wish=told)
    elif not new:
        said = wording.say("already-subscribed", wish=told, where=_where(place))
    elif place is not None and place.kind == "channel":
        said = wording.say("subscribed-channel", wish=told, channel=channel_of(place))
    else:
        said = wording.say("subscribed", wish=told)
    blocks = [text(said)]
    if not wish.everything:
        blocks.append(_would_match(would_match, wording))
    if place is not None and place.paused:
        blocks.append(text(wording.say("subscribed-paused", where=_where(place))))
    elif place is not None and new and not changed:
        rhythm = rhythm_of(place, wording)
        blocks.append(text(wording.say("subscribed-when", rhythm=rhythm, where=_where(place))))
        if now is not None and place.rhythm is not Rhythm.AT_ONCE:
            blocks.append(text(_zone_told(place, wording, now)))
    return _apart(blocks)


def _would_match(articles: Sequence[Article] | None, wording: Wording) -> Text:
    if articles is None:
        return text(wording.say("would-have-matched-unknown"))
    if not articles:
        return text(wording.say("would-have-matched-none"))
    named = articles[:MOST_MATCHES]
    if len(articles) > len(named):
        heading = text(wording.say("would-have-matched-many", count=len(articles)))
    else:
        heading = text(wording.say("would-have-matched", count=len(named)))
    return lines(heading, *(text("• ", link(each.link, title(each))) for each in named))


def subscriptions_text(
    subscriptions: Sequence[Subscription], place: Place | None, wording: Wording, page: int = 0
) -> Text:
    """A page of a place's subscriptions, which the buttons below remove."""
    if not subscriptions:
        return text(no_subscriptions(place, wording))
    count, first = len(subscriptions), page_start(len(subscriptions), page)
    if place is not None and place.kind == "channel":
        channel = channel_of(place)
        heading = wording.say("subscriptions-heading-channel", count=count, channel=channel)
    else:
        heading = wording.say("subscriptions-heading", count=count)
    listed = [
        text(f"{number}. {shortened(described(one.wish, wording), LONGEST_LISTED)}")
        for number, one in enumerate(subscriptions[first : first + ON_A_PAGE], first + 1)
    ]
    blocks = [bold(heading), lines(*listed)]
    if place is not None and place.paused:
        blocks.append(text(wording.say("subscribed-paused", where=_where(place))))
    last = text(wording.say("subscriptions-remove"))
    if count > ON_A_PAGE:
        pages = (count - 1) // ON_A_PAGE + 1
        told = wording.say("subscriptions-page", page=first // ON_A_PAGE + 1, pages=pages)
        last = text(told, "\n", last)
    return _apart([*blocks, last])


def no_subscriptions(place: Place | None, wording: Wording) -> str:
    """That there are none yet, and how to make one."""
    if place is not None and place.kind == "channel":
        channel, where = channel_of(place), _where(place)
        return wording.say("no-subscriptions-channel", channel=channel, where=where)
    return wording.say("no-subscriptions")


def page_start(count: int, page: int) -> int:
    """The number of the first of `count` subscriptions on a page; beyond the last, on the last."""
    return max(0, min(page, (count - 1) // ON_A_PAGE)) * ON_A_PAGE


def settings_text(
    place: Place,
    wording: Wording,
    now: datetime,
    page: str = "main",
    *,
    subscribed: bool = True,
    said: str = "",
) -> Text:
    """Everything that can be set for a place, and what the buttons of the page ask.

    `subscribed` tells whether there is anything to come. `said` stands above it; where that is that
    the place is paused, it is not said once more.
    """
    if place.kind == "channel":
        heading = wording.say("settings-heading-channel", channel=channel_of(place))
    else:
        heading = wording.say("settings-heading")
    paused_said = said == wording.say("setting-paused")
    told = [text(each) for each in _settings(place, wording, now, subscribed, paused_said)]
    asked = {
        "rhythm": lambda: wording.say("settings-choose-rhythm"),
        "hour": lambda: wording.say("settings-choose-hour"),
        "weekday": lambda: wording.say("settings-choose-weekday"),
        "quiet": lambda: wording.say("settings-choose-quiet", where=_where(place)),
        "zone": lambda: wording.say("settings-choose-zone", where=_where(place)),
    }
    blocks = [text(said), bold(heading), lines(*told)] if said else [bold(heading), lines(*told)]
    if page in asked:
        blocks.append(text(asked[page]()))
    return _apart(blocks)


def _settings(
    place: Place, wording: Wording, now: datetime, subscribed: bool, paused_said: bool
) -> Iterator[str]:
    if not subscribed:
        yield wording.say("settings-no-subscriptions", where=_where(place))
    rhythm = rhythm_of(place, wording)
    if place.paused and not paused_said:
        yield wording.say("settings-paused")
    if place.paused:
        yield wording.say("settings-when-resumed", rhythm=rhythm)
    else:
        yield wording.say("settings-when", rhythm=rhythm)
    yield _zone_told(place, wording, now)
    if place.quiet_from is None or place.quiet_to is None:
        yield wording.say("settings-never-quiet")
    else:
        hours = f"{clock(place.quiet_from)}-{clock(place.quiet_to)}"
        yield wording.say("settings-quiet", hours=hours)
    yield wording.say("settings-silent") if place.silent else wording.say("settings-sound")
    yield wording.say("settings-preview") if place.preview else wording.say("settings-no-preview")


def _zone_told(place: Place, wording: Wording, now: datetime) -> str:
    local = now.astimezone(zone_or_utc(place.zone))
    time = clock(60 * local.hour + local.minute)
    return wording.say("settings-zone", zone=zone_called(place.zone, wording), time=time)


def rhythm_of(place: Place, wording: Wording) -> str:
    """When a place hears of new articles, as the end of a sentence."""
    time = clock(60 * place.hour)
    match place.rhythm:
        case Rhythm.AT_ONCE:
            return wording.say("rhythm-at-once")
        case Rhythm.DAILY:
            return wording.say("rhythm-daily", time=time)
        case Rhythm.WEEKLY:
            day_name = wording.say(f"day-{WEEKDAYS[place.weekday]}")
            return wording.say("rhythm-weekly", day=day_name, time=time)


def clock(minutes: int) -> str:
    """Minutes since midnight as `07:30`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _where(place: Place | None) -> str:
    """What a command about a channel needs behind it, for it is sent in a private chat."""
    if place is None or place.kind != "channel":
        return ""
    return f" {place.called or place.chat_id}"


def channel_of(place: Place) -> str:
    """What a person knows a channel by."""
    name = shortened(one_line(place.title), LONGEST_LISTED)
    return str(place.chat_id) if blank(name) else name


def described(wish: Wish, wording: Wording) -> str:
    """A wish in words, such as `#LLM, “KV cache” but not vLLM`; at most 200 characters."""
    parts = []
    if wish.tags:
        parts.append(_joined([f"#{one_line(tag).lstrip('#')}" for tag in wish.tags], wording, "or"))
    if wish.phrases:
        quoted = [wording.say("wish-quoted", words=one_line(each)) for each in wish.phrases]
        parts.append(_joined(quoted, wording, "and"))
    if wish.about:
        about = wording.say("wish-about", topic=one_line(wish.about))
        if wish.strictness:
            name = STRICTNESS[wish.strictness]
            about = wording.say(f"wish-strictness-{name}", wish=about)
        parts.append(about)
    told = _listed(parts, wording) or wording.say("wish-everything")
    if wish.excluded:
        words = _joined([one_line(each) for each in wish.excluded], wording, "or")
        told = wording.say("wish-but-not", wish=told, words=words)
    return shortened(told, LONGEST_DESCRIBED)


def _joined(several: Sequence[str], wording: Wording, word: str) -> str:
    """All of them in a row, the last behind an "and" or an "or"."""
    *before, last = several
    if not before:
        return last
    return wording.say(f"words-{word}", words=_listed(before, wording), last=last)


def _listed(several: Sequence[str], wording: Wording) -> str:
    return reduce(
        lambda before, following: wording.say("words-comma", words=before, next=following),
        several[1:],
        "".join(several[:1]),
    )
