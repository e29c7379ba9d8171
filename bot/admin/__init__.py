"""What whoever looks after the bot sees and does: ledger, archive, rounds -> screens <- presses."""
