"""`python -m callcenter` and the `callcenter` command."""

import gc

# What imports make is never garbage, and looking for some takes a fifth of the start of a service
# that callers wait for.
gc.disable()

from callcenter.cli.main import app  # noqa: E402


def main() -> None:
    gc.freeze()
    gc.enable()
    app()


if __name__ == "__main__":
    main()
