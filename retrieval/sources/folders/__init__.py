"""Files of site generators: front matter, Markdown with its tags, permalinks."""
