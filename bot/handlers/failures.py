"""What happens when a handler fails: log first, apologise second, never fail again."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.cards import sentence
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
    _log(update, error)
    if not isinstance(update, Update) or update.message is None or _is_deaf(error):
        return
    try:
        await reply(update.message, sentence(_apology(error, wording_of(update.message))))
    except TelegramError as again:
        logger.warning("update %d: no apology either: %r", update.update_id, again)
    except Exception:
        logger.exception("update %d: the apology failed", update.update_id)


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
        case IndexNotReady(progress=None):
            return wording.say("still-preparing")
        case IndexNotReady(progress=float() | int() as progress):
            return wording.say(
                "still-preparing-progress", percent=int(min(max(progress, 0), 1) * 100)
            )
        case RetrievalError():
            return wording.say("part-down")
        case _:
            return wording.say("went-wrong")
