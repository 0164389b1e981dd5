"""Recordings of talks: encoded, encrypted, kept, found, played and removed."""
