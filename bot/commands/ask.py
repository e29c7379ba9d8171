"""`archive-bot ask`: answer one question, or a file of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bot.assembly import opened_archive, owned_index
from bot.cli import question_of
from bot.errors import UsageError
from bot.explaining import explained_fields, explanation
from bot.output import answer_fields, print_answer, print_json
from bot.progress import shown_progress
from config.settings import Settings
from retrieval.errors import IndexDamaged


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    question = question_of(arguments)
    if arguments.batch is not None and arguments.question:
        raise UsageError("give either a question or --batch FILE, not both")
    if arguments.batch is None and not question.strip():
        raise UsageError('give a question, as in: archive-bot ask "what is a KV cache?"')
    questions = [question] if arguments.batch is None else _lines(arguments.batch)
    with (
        opened_archive(settings) as archive,
        shown_progress() as progress,
        owned_index(settings, archive, "archive-bot ask", progress) as index,
    ):
        index.preparation.begin()
        index.follower.catch_up()
        for asked in questions:
            try:
                (answer,) = index.answerer.answer([asked])
            except IndexDamaged:  # damage that no check at the opening saw: mend, ask again
                index.follower.catch_up()
                (answer,) = index.answerer.answer([asked])
            if arguments.batch is not None or arguments.json:
                fields = explained_fields(answer) if arguments.explain else answer_fields(answer)
                print_json(fields, line=arguments.batch is not None)
            else:
                print_answer(answer, partial(explanation, asked) if arguments.explain else None)
    return 0


def _lines(name: str) -> Iterator[str]:
    """The questions of a file, one a line, blank lines skipped; `-` is standard input."""
    if name == "-":
        return (line.rstrip("\r\n") for line in sys.stdin if line.strip())
    try:
        text = Path(name).read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"--batch: {name} cannot be read: {error.strerror}") from error
    return (line for line in text.split("\n") if line.strip())
