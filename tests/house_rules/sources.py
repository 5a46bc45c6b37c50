"""The tracked files of the repository, and the product's Python parsed."""

import ast
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

REPOSITORY = Path(__file__).parents[2]

ROOMS = ("src/anshou", "tenants", "confidentiality", "billing")
BELOW_THE_DOORS = (
    "src/anshou/tickets",
    "src/anshou/merchants",
    "src/anshou/people",
    "tenants",
    "confidentiality",
    "billing",
)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control, or about to be, relative to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    found = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in found if (REPOSITORY / path).is_file()))


def text_of(path: Path) -> str | None:
    """What is in the file; None if it is no text."""
    try:
        return (REPOSITORY / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def python(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """The parsed modules below the folders."""
    for path in tracked():
        if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in folders):
            yield path, parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    """One module."""
    return ast.parse((REPOSITORY / path).read_text(encoding="utf-8"), str(path))


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of the product, imported."""
    packages = [importlib.import_module(room) for room in ("anshou", "tenants", "confidentiality", "billing")]
    names = [
        entry.name
        for package in packages
        for entry in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        # The migrations' copy inside an installed package is no module of ours.
        if "._migrations" not in entry.name
    ]
    return (*packages, *map(importlib.import_module, names))
