"""Recorded sound of the centre: prompts that callers hear, messages that callers leave."""
