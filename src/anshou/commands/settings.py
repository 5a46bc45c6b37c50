"""`anshou settings`: what this environment gives, or the page that documents it."""

import argparse

from anshou.settings import Settings
from anshou.variables import VARIABLES

PAGE_HEAD = """\
# Settings

Everything that can be set is an environment variable, read once at start. A wrong value or a misspelt name is refused
with its name and what was expected. This page is written by `anshou settings --markdown`; a test compares them.

| variable | default | accepted | meaning |
|---|---|---|---|
"""

PAGE_FOOT = """
Names that begin with `ANSHOU_TEST_` or `ANSHOU_BENCH_` are not settings of the product:
`ANSHOU_TEST_STRICT=1` makes `make test` fail where a suite would be left out for want of a package.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """How the settings are shown."""
    parser.add_argument("--markdown", action="store_true", help="write docs/settings.md to standard output")


def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Print the settings; those that may hold a password only as given or not."""
    if asked.markdown:
        print(page(), end="")
        return 0
    width = max(len(variable.name) for variable in VARIABLES)
    for variable in VARIABLES:
        value = getattr(settings, variable.field)
        shown = ("(given)" if value else "(empty)") if variable.secret else value
        print(f"{variable.name:<{width}}  {shown}")
    return 0


def page() -> str:
    """`docs/settings.md`."""
    rows = []
    for variable in VARIABLES:
        default = f"`{variable.default}`" if variable.default else "empty"
        rows.append(f"| `{variable.name}` | {default} | {variable.expected} | {variable.meaning} |\n")
    return PAGE_HEAD + "".join(rows) + PAGE_FOOT
