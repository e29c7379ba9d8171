"""Readers, one file a kind: what a source holds -> drafts, newest first, or a `SourceError`."""
