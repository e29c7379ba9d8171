"""Pages of post cards: elements -> cards, found or selected -> drafts -> the next page."""
