"""The Telegram side: updates -> handlers -> library -> cards -> replies."""
