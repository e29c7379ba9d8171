"""The archive and its search: sources -> drafts -> intake -> archive -> index -> search -> answer."""
