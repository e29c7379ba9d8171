"""Alembic's folder: `versions/` is only ever appended to."""
