"""The SQL system of record: drafts -> intake -> articles, excerpts, change log (one transaction).

Everything else (Chroma's collection, the lexical index) can be rebuilt from here.
"""
