"""What the documents name exists."""

import re
from collections.abc import Iterator
from pathlib import Path

from anshou.cli import COMMANDS
from anshou.settings import NOT_SETTINGS
from anshou.variables import VARIABLES
from tests.house_rules.sources import REPOSITORY, text_of, tracked

# A path in code style that begins with a folder or file at the top of the repository.
IN_CODE_STYLE = re.compile(r"`([A-Za-z0-9_.][A-Za-z0-9_./-]*)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def test_paths_named_in_the_documents_exist() -> None:
    tops = {path.parts[0] for path in tracked()}
    missing = [
        f"{document}: {name}"
        for document in _documents()
        for name in IN_CODE_STYLE.findall(text_of(document) or "")
        if "/" in name and name.split("/")[0] in tops and not (REPOSITORY / name).exists()
    ]
    assert missing == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{document}: {target}"
        for document in _documents()
        for target in LINK.findall(text_of(document) or "")
        if not (REPOSITORY / document.parent / target).exists()
    ]
    assert broken == []


def test_documents_named_in_the_code_exist() -> None:
    named = re.compile(r"\bdocs/[a-z0-9/-]+\.md\b")
    missing = [
        f"{path}: {name}"
        for path in tracked()
        if path.suffix == ".py"
        for name in named.findall(text_of(path) or "")
        if not (REPOSITORY / name).exists()
    ]
    assert missing == []


def test_settings_named_anywhere_are_settings() -> None:
    known = {variable.name for variable in VARIABLES}
    named = re.compile(r"\bANSHOU_[A-Z][A-Z_]*[A-Z]\b")
    unknown = {
        f"{path}: {name}"
        for path in tracked()
        if path.suffix in {".md", ".py", ".tpl", ".yaml"} and not path.is_relative_to("tests")
        for name in named.findall(text_of(path) or "")
        if name not in known and not f"{name}_".startswith(NOT_SETTINGS)
    }
    assert unknown == set()


def test_commands_named_in_the_documents_exist() -> None:
    named = re.compile(r"`anshou ([a-z]+)")
    unknown = {
        f"{document}: anshou {command}"
        for document in _documents()
        for command in named.findall(text_of(document) or "")
        if command not in COMMANDS
    }
    assert unknown == set()


def test_the_index_of_decisions_lists_each_of_them() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = [path.name for path in folder.glob("[0-9]*.md")]
    assert [name for name in records if f"({name})" not in index] == []
    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name) for name in records)


def _documents() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".md" and "node_modules" not in path.parts)
