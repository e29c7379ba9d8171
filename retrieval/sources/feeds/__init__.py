"""What feeds are made of: bytes -> the format's own parser -> entries -> drafts."""
