"""What the command line raises on purpose.

    UsageError    the arguments ask for something that cannot be: exit status 2
    BotError      the bot could not do its work: exit status 1
    └── LedgerError   subscriptions and deliveries could not be read or written

The text of each says what to do instead.
"""


class UsageError(Exception):
    """Wrong usage, or settings that this command cannot work with."""


class BotError(Exception):
    """The command failed for a reason outside the archive."""


class LedgerError(BotError):
    """The ledger could not be opened, migrated, read or written."""
