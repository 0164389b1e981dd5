"""Text messages that flows send: by which webhook, what became of each, and trying again."""
