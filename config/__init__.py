"""What a person set, checked once and handed on as frozen values.

overrides > environment > .env > secrets folder > archive-bot.toml -> origins -> Settings

Nothing here knows what the settings are for; whoever assembles the application reads them
and passes plain values on.
"""
