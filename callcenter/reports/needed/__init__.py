"""Agents required by simulation, interval by interval, in the background."""
