"""The bot killed again and again, wherever it happens to be, then left alone: is all there, once?

gather:  a feed on a real server -> `archive-bot gather` -> SIGKILL x n -> one to its end -> checks
send:    a feed in slices -> `archive-bot run` -> SIGKILL x n -> the tests' Telegram -> judgement

`make campaign` does both with thousands of articles and the real model; tests do so with a few.
"""
