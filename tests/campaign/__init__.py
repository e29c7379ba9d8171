"""A gather killed again and again, wherever it happens to be, then left alone: is all there, once?

a feed on a real server -> `archive-bot gather`, a process -> SIGKILL x n -> one to its end -> checks

`make campaign` does it with thousands of articles and the real model; a test does it with a few.
"""
