"""`callcenter settings`: every setting in one table, the source of docs/settings.md."""

from __future__ import annotations

import typer

from callcenter.settings import PREFIX, Settings

_HEAD = """\
# Settings

Made by `callcenter settings`; do not edit. Every setting is an environment variable. A wrong,
contradictory or misspelt one stops the start with a message that names it, says what was read and
what is expected. An empty value counts as not set.

| variable | what it is | if not set |
|---|---|---|
"""

_TAIL = """
* On any address but a loopback one the service speaks https alone. Without an own certificate it
  makes one in the data folder's `secrets`; browsers ask once whether to trust it.
* `CALLCENTER_ORIGINS` is needed behind a reverse proxy, or where browsers reach this machine by
  another name or port than its own: only pages from these addresses may sign in.
* `CALLCENTER_ASTERISK_MODE=remote` needs `CALLCENTER_ASTERISK_HOST`,
  `CALLCENTER_ASTERISK_SECRETS_FILE` (`{"acd-events": "...", "acd-ctl": "..."}`, mode 0400) and
  `CALLCENTER_ASTERISK_SIP_WS_URL`.
* Outside numbers (callbacks) are dialled only with `CALLCENTER_OUTBOUND_TRUNK`; without it the
  manager user that acts has no `originate` right either. Only complete, valid numbers of our
  country and of `CALLCENTER_OUTBOUND_COUNTRIES` are dialled; premium-rate, short and emergency
  numbers never. A trunk that asks for a password or a registration is written into
  `pjsip-local.conf` as `[trunk]`, with `CALLCENTER_OUTBOUND_TRUNK=local`.
* Secrets the service makes for itself lie in the data folder's `secrets`, one file each, mode 0400.
"""

# Defaults that depend on who runs it, or say little by themselves.
_TOLD = {
    "data_directory": "`/var/lib/callcenter` for root, else `~/.local/share/callcenter`",
    "origins": "the address listened on and this machine's name",
    "database_url": "our own PostgreSQL (`callcenter up`)",
    "asterisk_secrets_file": "made (`callcenter up`)",
    "asterisk_sip_ws_url": "that of the private Asterisk",
    "asterisk_root": "found or made",
    "tls_certificate": "made on the spot where needed",
    "tls_key": "made on the spot where needed",
    "media_address": "the address listened on",
    "recordings_directory": "`recordings` in the data folder",
    "log_file": "standard error",
    "outbound_trunk": "none: nothing is dialled",
    "outbound_caller_id": "the trunk's own",
    "outbound_countries": "none beside our own",
    "outbound_blocked": "none",
}


def page() -> str:
    """The whole page, in Markdown."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = _TOLD.get(name) or f"`{field.default}`"
        about = (field.description or "").replace("|", "\\|")
        rows.append(f"| `{PREFIX}{name.upper()}` | {about} | {default} |\n")
    return _HEAD + "".join(rows) + _TAIL


def show() -> None:
    """Print what can be set, as a Markdown page."""
    typer.echo(page(), nl=False)


def register(app: typer.Typer) -> None:
    app.command(name="settings")(show)
