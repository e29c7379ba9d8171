"""The core conversation through a Bot API server that somebody else wrote, telemelya 0.2.2.

people -> its control API -> our webhook -> `archive-bot run` -> its Bot API -> its record

It lives in an environment of its own, for its requirements are at odds with ours;
`make independent` makes that environment and runs these tests, which are skipped without it.
"""
