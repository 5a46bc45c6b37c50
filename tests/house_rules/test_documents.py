"""What the documents name exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from anshou.cli import COMMANDS
from anshou.settings import NOT_SETTINGS
from anshou.variables import VARIABLES
from tests.house_rules.sources import REPOSITORY, python, text_of, tracked

# A path in code style that begins with a folder or file at the top of the repository.
IN_CODE_STYLE = re.compile(r"`([A-Za-z0-9_.][A-Za-z0-9_./-]*)`")
# What a guide prints in bold is what the reader finds on the screen.
ON_THE_SCREEN = re.compile(r"\*\*([^*]+)\*\*")
PICTURE = re.compile(r"!\[[^\]]+\]\(pictures/([^)]+)\)")
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


def test_tests_named_in_the_documents_exist() -> None:
    there = {
        name
        for path in tracked()
        if path.is_relative_to("tests") and path.suffix == ".py"
        for name in re.findall(r"def (test_\w+)", text_of(path) or "")
    }
    named = re.compile(r"`(test_\w+)`")
    missing = {
        f"{document}: {name}"
        for document in _documents()
        for name in named.findall(text_of(document) or "")
        if name not in there
    }
    assert missing == set()


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
    assert len({name[:4] for name in records}) == len(records)


def test_names_of_the_screen_in_the_guides_are_those_of_the_portal() -> None:
    catalogue = REPOSITORY / "src" / "anshou" / "portal" / "locale" / "en" / "LC_MESSAGES" / "anshou.po"
    with catalogue.open("rb") as file:
        words = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    wrong = [
        f"{guide.name}: {name}"
        for guide in sorted((REPOSITORY / "docs" / "guides").glob("*.md"))
        for name in ON_THE_SCREEN.findall(guide.read_text(encoding="utf-8"))
        if name not in (words.values() if guide.name.endswith(".en.md") or name.isascii() else words.keys())
    ]
    assert wrong == []


def test_every_guide_is_there_in_both_languages() -> None:
    guides = {path.name for path in (REPOSITORY / "docs" / "guides").glob("*.md")} - {"README.md"}
    chinese = {name.removesuffix(".md") for name in guides if not name.endswith(".en.md")}
    assert chinese == {name.removesuffix(".en.md") for name in guides if name.endswith(".en.md")}
    index = (REPOSITORY / "docs" / "guides" / "README.md").read_text(encoding="utf-8")
    assert [name for name in guides if f"({name})" not in index] == []


def test_pictures_in_the_guides_are_those_that_journeys_make() -> None:
    guides = REPOSITORY / "docs" / "guides"
    shown = {name for guide in guides.glob("*.md") for name in PICTURE.findall(guide.read_text(encoding="utf-8"))}
    made = {
        f"finance-{call.args[1].value}.webp"
        for path, tree in python("tests")
        if path.is_relative_to("tests/journeys")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "show"
        if isinstance(call.args[1], ast.Constant)
    }
    made |= {
        f"{call.args[1].value}.webp"
        for path, tree in python("tests")
        if path.is_relative_to("tests/journeys")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "illustrate"
        if isinstance(call.args[1], ast.Constant)
    }
    kept = {path.name: path.stat().st_size for path in (guides / "pictures").iterdir()}
    assert shown == made == kept.keys()
    # They are there to be looked at on a slow line too.
    assert {name: size for name, size in kept.items() if size > 100_000} == {}
    assert len(kept) <= 32


def _documents() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".md" and "node_modules" not in path.parts)
