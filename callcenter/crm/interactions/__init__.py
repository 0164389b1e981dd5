"""Interactions: what happened with customers, and the notes agents write meanwhile."""
