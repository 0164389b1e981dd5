"""The knowledge base: articles with versions, found while one types, and what was not found."""
