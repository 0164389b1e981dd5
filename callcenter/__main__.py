"""`python -m callcenter` and the `callcenter` command."""

import gc

# What imports make is never garbage, and looking for some takes a fifth of the start of a service
# that callers wait for. The service begins to look when all of it is loaded (`runtime.collecting`).
gc.disable()

import sys  # noqa: E402


def main() -> None:
    if sys.argv[1:] in (["serve"], ["serve", "--spare"]):  # without the code of other commands
        from callcenter.cli.serving import run_service

        raise SystemExit(run_service(spare="--spare" in sys.argv))
    from callcenter.cli.main import app

    gc.freeze()
    gc.enable()
    app()


if __name__ == "__main__":
    main()
