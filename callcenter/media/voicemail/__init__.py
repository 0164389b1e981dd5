"""Messages of callers: who may see them, what is done with them, and who is told by e-mail."""
