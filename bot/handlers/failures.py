"""What happens when a handler fails: log first, apologise second, never fail again."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.cards import sentence
from bot.errors import LedgerError
from bot.handlers.presses import FailedLate, Shown, message_of, show, wording_of_press
from bot.outcomes import Barred, Gone, outcome_of
from bot.replies import reply, wording_of
from bot.wording import Wording
from retrieval.errors import IndexNotReady, RetrievalError

logger = logging.getLogger(__name__)


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The application's error handler."""
    error = context.error
    if error is None:
        return
    late = isinstance(error, FailedLate)
    if isinstance(error, FailedLate) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    _log(update, error)
    if not isinstance(update, Update) or _is_deaf(error):
        return
    try:
        await _apologise(update, error, late)
    except TelegramError as again:
        logger.warning("update %d: no apology either: %r", update.update_id, again)
    except Exception:  # whoever raises here is called for it once more
        logger.exception("update %d: the apology failed", update.update_id)


async def _apologise(update: Update, error: Exception, late: bool) -> None:
    """Say sorry to who wrote or pressed; over the chat, as long as the button still spins."""
    if update.message is not None:
        await reply(update.message, sentence(_apology(error, wording_of(update.message))))
    elif (query := update.callback_query) is not None:
        apology = _apology(error, wording_of_press(query))
        if not late:
            await show(query, Shown(apology, alert=True))
        elif (message := message_of(query)) is not None:
            await reply(message, sentence(apology))


def _log(update: object, error: Exception) -> None:
    name = update.update_id if isinstance(update, Update) else None
    if isinstance(error, IndexNotReady):  # expected after every start: no traceback needed
        logger.info("update %s: %s", name, error)
    else:
        logger.error("update %s failed", name, exc_info=error)


def _is_deaf(error: Exception) -> bool:
    """Whether an apology would only fail the same way."""
    return isinstance(error, TelegramError) and isinstance(outcome_of(error), Gone | Barred)


def _apology(error: Exception, wording: Wording) -> str:
    match error:
        case IndexNotReady(progress=float() | int() as progress) if 0.01 <= progress < 1:
            return wording.say("still-preparing-progress", percent=int(progress * 100))
        case IndexNotReady():  # also while the model loads, of which no share is known
            return wording.say("still-preparing")
        case RetrievalError() | LedgerError():
            return wording.say("part-down")
        case _:
            return wording.say("went-wrong")
