"""`archive-bot latest`: the newest articles."""

from __future__ import annotations

import argparse

from bot.assembly import opened_archive
from bot.output import article_fields, print_json, print_latest
from config.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    limit = settings.latest.limit if arguments.limit is None else arguments.limit
    with opened_archive(settings) as archive:
        articles = archive.articles.latest(limit)
    if arguments.json:
        fields = [article_fields(article, article.opening, None, None) for article in articles]
        print_json({"articles": fields})
    else:
        print_latest(articles)
    return 0
