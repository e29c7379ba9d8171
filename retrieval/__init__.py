"""Archive and search: sources -> drafts -> intake -> archive -> index -> search -> answer."""
