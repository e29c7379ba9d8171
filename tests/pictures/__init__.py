"""The README's pictures: a conversation of the real bot, as a phone shows it.

SCRIPT.txt -> the bot, through the tests' Telegram -> a record -> a page of HTML -> Chromium -> PNG

`python -m tests.pictures` draws them all anew into `docs/pictures`.
"""
