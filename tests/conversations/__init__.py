"""Conversations as tests: a script and its transcript in one file, as a person would read them.

SCRIPT.txt -> steps -> people, through the tests' Telegram -> the bot -> a chat -> lines -> compared

`python -m tests.conversations --write` writes anew what the bot says in all of them.
"""
