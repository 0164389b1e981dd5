"""Tickets: complaints, questions, suggestions, orders, and how each goes to its end."""
