"""Builds the service from its settings, and runs it: the only place where everything meets.

`serve.serve` is what `callcenter serve` calls. Nothing is imported here, so that who needs one file
does not load the others (docs/decisions/0025).
"""
