"""Customers: who they are, how to find them, how they change."""
