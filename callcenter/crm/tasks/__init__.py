"""Tasks and follow-up calls: what is due, by whom, and what came of it."""
