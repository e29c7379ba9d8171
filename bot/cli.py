"""The command line: arguments -> settings -> one command -> an exit status.

stdout carries results only; progress and logs go to stderr. 0 done (a refusal too), 1 failed,
2 wrong usage or settings, 130 Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from bot.errors import BotError, UsageError
from bot.interrupts import interrupts_kept
from config.logging import configure_logging
from config.settings import Settings, SettingsError, load_settings
from config.sources import source_kinds
from retrieval.errors import RetrievalError

logger = logging.getLogger(__name__)

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Ask an archive of articles, in the terminal or in Telegram.

A first try:    archive-bot gather            take in the sources of archive-bot.toml
                archive-bot ask "a question"  what does the archive say?
                archive-bot chat              the bot in this terminal, no token needed
                archive-bot run               the bot in Telegram
"""
_EPILOG = """\
Settings come from the environment (ARCHIVE_BOT_...), .env, a secrets folder, and one TOML file
that also lists the sources; the README has a table of all of them.
"""

Command = Callable[[Settings, argparse.Namespace], int]


#: What keeps argparse from reading a word of a question as an option; no question has it.
_NOT_AN_OPTION = "\x00"


def _words_kept(argv: Sequence[str]) -> list[str]:
    """The arguments, a question's excluded words (`ask KV cache -vLLM`) marked as no options."""
    command = next((place for place, word in enumerate(argv) if word == "ask"), len(argv))
    if any(not before.startswith("--config") for before in argv[:command:2]):
        return list(argv)
    return [
        _NOT_AN_OPTION + word
        if place > command and word != "-h" and len(word) > 1 and word[0] == "-" != word[1]
        else word
        for place, word in enumerate(argv)
    ]


def question_of(arguments: argparse.Namespace) -> str:
    """The question of `ask`, as it was typed."""
    return " ".join(word.removeprefix(_NOT_AN_OPTION) for word in arguments.question)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    _tolerate_any_text()
    arguments = build_parser().parse_args(_words_kept(sys.argv[1:] if argv is None else argv))
    configure_logging("info")
    try:
        overrides = _overrides(arguments)
        settings = load_settings(getattr(arguments, "config", None), **overrides)
        configure_logging(settings.log.level, secrets=settings.secret_values())
        command: Command = arguments.command
        with interrupts_kept():
            return command(settings, arguments)
    except (SettingsError, UsageError) as error:
        return _complain(str(error), WRONG_USAGE)
    except (RetrievalError, BotError) as error:
        return _complain(str(error), FAILED)
    except KeyboardInterrupt:
        return _complain("interrupted; what was done is kept, run it again to go on", INTERRUPTED)
    except BrokenPipeError:  # whoever read our results has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,  # or the one before the command would be forgotten
        help="the TOML file with settings and sources (default: archive-bot.toml)",
    )
    parser = argparse.ArgumentParser(
        prog="archive-bot",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    parser.add_argument(
        "--version", action="version", version=f"archive-bot {metadata.version('archive-bot')}"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, help_: str, command: Command, more: str = "") -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, help=help_, description=f"{help_[0].upper()}{help_[1:]}. {more}", parents=[common]
        )
        sub.set_defaults(command=command)
        return sub

    gather = add(
        "gather",
        "take in what the sources hold now",
        _lazily("gather"),
        "Works beside a running bot, which then hears of it by itself.",
    )
    gather.add_argument(
        "--force",
        action="store_true",
        help="ask servers too that wished to be left alone for a while, and look at the pages of"
        " followed articles again",
    )
    _add_json(gather, "print new, changed, unchanged, withdrawn and failed as one object")

    ask = add(
        "ask",
        "answer a question from the archive",
        _lazily("ask"),
        "A refusal is an answer too: the exit status is 0. The question may hold filters: tag:NAME"
        ' source:NAME after:2026-03 before:2027, "a phrase" that must stand there, and -word for'
        " what must not. Keep the shell from reading them by single quotes:"
        " archive-bot ask 'tag:LLM \"KV cache\" -vLLM'. Filters alone give the newest that pass.",
    )
    ask.add_argument("question", nargs="*", help="the question, in any language")
    ask.add_argument(
        "--explain",
        action="store_true",
        help="show why each hit stands where it stands: score, confidence, and which words of the"
        " question are covered by what; with --json and --batch as `evidence`",
    )
    ask.add_argument(
        "--batch",
        metavar="FILE",
        help="ask one question a line of a file, or of standard input with `-`,"
        " and print one JSON object a line",
    )
    _add_json(ask, "print question, relevant, confidence, hits and seconds as one object")

    latest = add(
        "latest",
        "show the newest articles",
        _lazily("latest"),
        "Works beside a running bot.",
    )
    latest.add_argument(
        "--limit", type=_number(1, 10_000), metavar="N", help="how many (default: latest.limit)"
    )
    _add_json(latest, "print the articles as one object")

    status = add(
        "status",
        "show what the archive and the index hold",
        _lazily("status"),
        "Works beside a running bot.",
    )
    _add_json(status, "print it as one object")

    deliveries = add(
        "deliveries",
        "show how announcements to subscribers fare",
        _lazily("deliveries"),
        "Works beside a running bot.",
    )
    deliveries.add_argument(
        "--failed", action="store_true", help="list those that were given up, and why"
    )
    deliveries.add_argument(
        "--retry", nargs="+", metavar="NUMBER", help="send given-up ones again, or `all` of them"
    )
    _add_json(deliveries, "print it as one object")

    feedback = add(
        "feedback",
        "show what people thought of answers",
        _lazily("feedback"),
        "Works beside a running bot.",
    )
    how = feedback.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print all votes as one object")
    how.add_argument(
        "--jsonl",
        metavar="FILE",
        help="write those whose question is known as golden questions, one JSON object a line, to"
        " a file, or to standard output with `-`",
    )

    reindex = add(
        "reindex",
        "build the index anew from the archive",
        _lazily("reindex"),
        "Nothing is embedded again unless --embed is given.",
    )
    reindex.add_argument("--embed", action="store_true", help="embed every excerpt again too")

    _add_source(
        add("source", "add, list, try and remove sources", _lazily("source")), parents=[common]
    )

    add(
        "doctor",
        "check every part and say how to mend what is broken",
        _lazily("doctor"),
    )
    add(
        "chat",
        "talk to the bot in this terminal, without token or network",
        _lazily("chat"),
        "It is the very bot that Telegram would show; each line is a message.",
    )
    run = add(
        "run",
        "run the bot in Telegram",
        _lazily("run"),
        "The token is ARCHIVE_BOT_TELEGRAM__TOKEN, as @BotFather gave it. Stop it with Ctrl-C or"
        " SIGTERM.",
    )
    run.add_argument(
        "--base-url",
        metavar="URL",
        help="another Bot API server, as http://host:port (default: Telegram's own)",
    )
    return parser


def _add_source(
    parser: argparse.ArgumentParser, parents: Sequence[argparse.ArgumentParser]
) -> None:
    """The commands below `source`."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, help_: str, command: Command, more: str = "") -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name,
            help=help_,
            description=f"{help_[0].upper()}{help_[1:]}. {more}",
            parents=list(parents),
        )
        sub.set_defaults(command=command)
        return sub

    adding = add(
        "add",
        "find out what an address or a folder is, try it, and list it in the settings file",
        _lazily("source_add"),
        "Nothing is written unless it can be read.",
    )
    adding.add_argument("place", metavar="URL_OR_PATH", help="an address, a folder or a file")
    adding.add_argument("--name", help="what to call it (default: what it calls itself)")
    adding.add_argument(
        "--kind", choices=list(source_kinds()), help="what it is (default: found out)"
    )
    adding.add_argument(
        "--follow",
        action="store_true",
        help="follow each link and take in the whole article, where there are excerpts only",
    )
    adding.add_argument(
        "--allow-private", action="store_true", help="also from an address of a private network"
    )
    adding.add_argument("--yes", action="store_true", help="write without asking")

    listing = add("list", "show the sources and how they fared", _lazily("source", "list_"))
    _add_json(listing, "print them as one object")

    testing = add(
        "test",
        "read one source and show its first articles",
        _lazily("source", "test"),
        "Nothing is changed.",
    )
    testing.add_argument("name", metavar="NAME", help="the name of the source")
    _add_json(testing, "print it as one object")

    removing = add(
        "remove",
        "take a source out of the settings file",
        _lazily("source", "remove"),
        "Its articles stay in the archive.",
    )
    removing.add_argument("name", metavar="NAME", help="the name of the source")

    importing = add(
        "import",
        "list the feeds of an OPML file in the settings file",
        _lazily("source", "import_"),
        "Those that are listed already are left out; nothing is fetched.",
    )
    importing.add_argument("file", metavar="FILE", help="the OPML file, or `-`: standard input")

    exporting = add("export", "write the feeds as OPML", _lazily("source", "export"))
    exporting.add_argument(
        "file", metavar="FILE", nargs="?", help="where to (default: standard output)"
    )


def _lazily(name: str, function: str = "run") -> Command:
    """A command of the module of this name, whose imports happen only when it is run."""

    def run(settings: Settings, arguments: argparse.Namespace) -> int:
        command: Command = getattr(importlib.import_module(f"bot.commands.{name}"), function)
        return command(settings, arguments)

    return run


def _add_json(parser: argparse.ArgumentParser, help_: str) -> None:
    parser.add_argument("--json", action="store_true", help=help_)


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if text.isascii() and text.isdecimal() and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")

    return number


def _overrides(arguments: argparse.Namespace) -> dict[str, Any]:
    base_url = getattr(arguments, "base_url", None)
    return {"telegram": {"base_url": base_url}} if base_url is not None else {}


def _tolerate_any_text() -> None:
    """Never fail on a character that the terminal, or a pipe's locale, does not know."""
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=errors)
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")


def _complain(text: str, status: int) -> int:
    sys.stderr.write("".join(f"archive-bot: {line}\n" for line in text.splitlines()))
    return status
