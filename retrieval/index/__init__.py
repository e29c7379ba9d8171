"""The index: change log -> following -> vectors (Chroma) and words (tantivy), both disposable."""
