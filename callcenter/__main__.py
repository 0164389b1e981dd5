"""`python -m callcenter` and the `callcenter` command."""

import gc

# What imports make is never garbage, and looking for some takes a fifth of the start of a service
# that callers wait for.
gc.disable()

import sys  # noqa: E402


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        _keep_callers()
    from callcenter.cli.main import app

    gc.freeze()
    gc.enable()
    app()


def _keep_callers() -> None:
    """Before the many seconds of imports; whoever starts the service is told of mistakes later."""
    from callcenter.cli.keep_waiting import keep_waiting
    from callcenter.settings import SettingsMistakes, load_settings

    try:
        keep_waiting(load_settings())
    except SettingsMistakes:
        return


if __name__ == "__main__":
    main()
