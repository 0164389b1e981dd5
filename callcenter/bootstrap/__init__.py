"""Builds the service from its settings, and runs it: the only place where everything meets.

`serve` is what `callcenter serve` calls. Nothing else in the house imports this package.
"""

from callcenter.bootstrap.serve import serve

__all__ = ["serve"]
