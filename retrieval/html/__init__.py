"""HTML -> the blocks of an article -> text with its headings, code and formulas."""
