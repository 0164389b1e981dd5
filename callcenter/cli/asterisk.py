"""`callcenter asterisk`: which Asterisk is run here; a private one is made if there is none.

For whoever installs. A service without rights cannot unpack one by itself on every machine; what
root makes lies where each account finds it.
"""

from __future__ import annotations

import typer

from callcenter.asterisk.install import NoAsterisk, find_or_make

WRONG = 2


def asterisk() -> None:
    """Say which Asterisk would be run; make a private one if there is none (a minute, 300 MB)."""
    try:
        found = find_or_make(progress=typer.echo)
    except (NoAsterisk, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG) from None
    typer.echo(f"Asterisk {found.version}: {found.root or found.binary}")


def register(app: typer.Typer) -> None:
    app.command(name="asterisk")(asterisk)
