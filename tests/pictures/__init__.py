"""The README's pictures: a conversation of the real bot, as a phone shows it.

a conversation of `tests.conversations` -> a record -> a page of HTML -> Chromium -> PNG

`python -m tests.pictures` draws them all anew into `docs/pictures`.
"""
