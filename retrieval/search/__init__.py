"""Answering: question -> candidates (dense, lexical) -> exact score -> confidence -> answer."""
