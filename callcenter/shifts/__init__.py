"""Who is planned to work when: shifts by agent and day, typed, copied, imported, undone."""
