"""`python -m xsource`: the `xsource` command."""

from xsource.cli.main import run

if __name__ == "__main__":
    run()
