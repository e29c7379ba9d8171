"""Fetching: an address -> guard, robots.txt, turn, request -> a whole body -> text."""
