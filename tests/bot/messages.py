"""Requests and the messages that become of them, as a phone would show them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram_html import HtmlError, Parsed, parse_html
from tests.bot.chats import Chat, Refusal
from tests.bot.judging import Json

MOST_BUTTONS = 100


@dataclass(frozen=True)
class Sent:
    """A message as a phone would show it; `at` is the second of the epoch at which it arrived."""

    chat_id: int
    html: str
    parsed: Parsed
    parameters: Json
    message_id: int = 0
    at: float = 0.0

    @property
    def text(self) -> str:
        return self.parsed.text

    @property
    def links(self) -> list[str]:
        return [entity.url for entity in self.parsed.entities if entity.url]

    @property
    def topic(self) -> int:
        """The topic it stands in, 0 where there is none."""
        return int(self.parameters.get("message_thread_id", 0))

    @property
    def buttons(self) -> list[Json]:
        """The buttons below it, row by row."""
        rows = self.parameters.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def button(self, label: str) -> str:
        """What is sent when the button whose label holds this is pressed."""
        (found,) = (each for each in self.buttons if label in each["text"])
        return str(found["callback_data"])

    def marked(self, kind: str) -> list[str]:
        """The pieces of text that stand under an entity of this type."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
            for each in self.parsed.entities
            if each.type == kind
        ]


@dataclass
class Call:
    """A request as it arrived at `at`; `fault` names what it met, `status` what it was answered,
    `refused` why it was not done.

    `message_id` is the message that it made or changed, whether or not the bot was told of it;
    `ended` tells that another call of `getUpdates` took its place.
    """

    method: str
    parameters: Json
    at: float
    chat_id: int | None = None
    fault: str | None = None
    status: int | None = None
    refused: str | None = None
    message_id: int | None = None
    ended: bool = False


def written(call: Call, chat: Chat, message_id: int) -> Sent:
    """The message that a request asks for. Raises `Refusal` where Telegram would take none such."""
    source = call.parameters["text"]
    try:
        html = call.parameters.get("parse_mode") == "HTML"
        parsed = parse_html(source) if html else Parsed(source, ())
    except HtmlError as refusal:
        raise Refusal(400, f"Bad Request: can't parse entities: {refusal}") from None
    if not parsed.text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(parsed.text.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    check_markup(call.parameters.get("reply_markup"))
    return Sent(chat.id, source, parsed, call.parameters, message_id, call.at)


def check_markup(markup: Json | None) -> None:
    """Raises `Refusal` for buttons that Telegram does not take."""
    buttons = [each for row in (markup or {}).get("inline_keyboard", []) for each in row]
    if len(buttons) > MOST_BUTTONS:
        raise Refusal(400, "Bad Request: reply markup is too long")
    for button in buttons:
        if not button.get("text", "").strip():
            raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(str(data).encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        if len(button.keys() - {"text", "style", "icon_custom_emoji_id"}) != 1:
            raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
