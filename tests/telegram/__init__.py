"""The tests' Telegram as a process of its own, which outlives every bot that is killed.

bots -> HTTP/1.1 on the loopback -> `FakeTelegram`; tests -> /control/... -> the same

`python -m tests.telegram --help` says how to start it; `tests.telegram_server` starts it for tests.
"""
