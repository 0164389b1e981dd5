"""`python -m callcenter` and the `callcenter` command."""

from callcenter.cli.main import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
