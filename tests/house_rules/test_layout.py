"""Files are where a newcomer looks for them, small, and say nothing of the machine they were written on."""

import ast
import re
from pathlib import Path

import pytest

from anshou.cli import COMMANDS
from tests.house_rules.sources import REPOSITORY, ROOMS, parsed, python, text_of, tracked

LONGEST_MODULE = 300
LONGEST_TEST = 400

# A name that says what kind of thing something is, instead of what it is for.
EMPTY_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "handler", "service", "repository"}
EMPTY_NAMES |= {"processor", "data", "info", "impl"}

# Spelt in pieces, so that this file is not what it looks for.
MACHINE = re.compile(r"(?:^|[^A-Za-z0-9_.~])/(?:wo" + r"rk|ro" + r"ot|far" + r"m)/[A-Za-z.]")
REGISTRY = re.compile(
    "py" + r"pi\.org|python" + r"hosted|registry\.npm" + r"js|npm" + r"js\.(?:org|com)|deb\." + r"debian"
)


def test_modules_are_short() -> None:
    long = {
        str(path): lines
        for path in tracked()
        if path.suffix == ".py" and (lines := len((text_of(path) or "").splitlines())) > _limit(path)
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for path, tree in python(*ROOMS, "tests", "bench") if not ast.get_docstring(tree)]
    assert silent == []


def test_a_room_offers_its_modules_and_not_a_second_way_to_the_same_names() -> None:
    busy = [
        str(path)
        for path, tree in python(*ROOMS)
        if path.name == "__init__.py" and any(isinstance(line, ast.Import | ast.ImportFrom) for line in tree.body)
    ]
    assert busy == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = [str(path) for path, _ in python(*ROOMS, "tests", "bench") if path.stem in EMPTY_NAMES]
    assert empty == []


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["path of a machine", "host of a registry"])
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}"
        for path in tracked()
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_no_tracked_file_is_over_a_mebibyte() -> None:
    assert [str(path) for path in tracked() if (REPOSITORY / path).stat().st_size > 1024 * 1024] == []


def test_every_command_has_its_module_and_every_module_its_command() -> None:
    folder = REPOSITORY / "src" / "anshou" / "commands"
    assert set(COMMANDS) == {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_nothing_is_left_for_later_in_the_code() -> None:
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [
        f"{path}:{number}"
        for path in tracked()
        if path.suffix in {".py", ".html", ".css", ".js", ".md"}
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if later.search(line)
    ]
    assert found == []


def test_tests_are_sentences() -> None:
    terse = [
        f"{path}: {node.name}"
        for path, tree in python("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 2
    ]
    assert terse == []


def _limit(path: Path) -> int:
    return LONGEST_TEST if path.parts[0] in {"tests", "bench"} else LONGEST_MODULE


def test_the_rules_themselves_see_the_product() -> None:
    # An empty list of files would make every rule above hold.
    assert len(list(python(*ROOMS))) > 50
    assert parsed(Path("src/anshou/settings.py")).body
