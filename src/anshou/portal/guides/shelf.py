"""Reading the guides: Markdown from the checkout or the installed package, turned into HTML once per process."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from anshou.language import ENGLISH

# The page's own heading and the line with links to the other language and the list stand in the frame instead.
_AHEAD_OF_TEXT = 2

_PICTURE = re.compile(r"[a-z0-9-]+\.webp")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A second-level heading of a guide, and where on the page it is."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in one language. `html` needs no further escaping: raw HTML in the Markdown is not let through."""

    name: str
    title: str
    chapters: Sequence[Chapter]
    html: Markup


def guides_folder() -> Path:
    """`docs/guides` of the checkout, or its copy inside the installed package."""
    checkout = Path(__file__).parents[4] / "docs" / "guides"
    if checkout.is_dir():
        return checkout
    package = find_spec("anshou")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("the guides are neither in the checkout nor in the package")
    return Path(next(iter(package.submodule_search_locations))) / "_guides"


@cache
def shelf(language: str) -> Mapping[str, Guide]:
    """Every guide of a language by its name, which is that of its file."""
    folder = guides_folder()
    ending = f".{ENGLISH}.md" if language == ENGLISH else ".md"
    return {
        path.name.removesuffix(ending): _read(path.name.removesuffix(ending), path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.md"))
        if path.name != "README.md" and (language == ENGLISH) == path.name.endswith(f".{ENGLISH}.md")
    }


@cache
def picture(name: str) -> bytes | None:
    """A picture of the guides; None where there is none of this name."""
    path = guides_folder() / "pictures" / name
    return path.read_bytes() if _PICTURE.fullmatch(name) and path.is_file() else None


def _read(name: str, text: str) -> Guide:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title = tokens[1].content
    body = list(_without_head(tokens))
    chapters = list(_mark_chapters(body))
    for token in body:
        _join_lines(token.children or [])
        for child in token.children or ():
            _lead_within(child)
    return Guide(name, title, chapters, Markup(markdown.renderer.render(body, markdown.options, {})))  # noqa: S704


def _without_head(tokens: Sequence[Token]) -> Iterator[Token]:
    """What follows the first heading and the paragraph after it."""
    ended = 0
    for token in tokens:
        if ended >= _AHEAD_OF_TEXT:
            yield token
        elif token.type in ("heading_close", "paragraph_close"):
            ended += 1


def _mark_chapters(tokens: Sequence[Token]) -> Iterator[Chapter]:
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            title = _plain(tokens[at + 1])
            chapter = Chapter(_anchor(title), title)
            token.attrSet("id", chapter.anchor)
            yield chapter


def _anchor(title: str) -> str:
    """What a link within a guide calls a chapter; as the repository's own pages do."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _join_lines(inline: Sequence[Token]) -> None:
    """Where a line of Chinese goes on in the next there is no space between words, so none in the page."""
    for before, token, after in zip(inline, inline[1:], inline[2:], strict=False):
        if token.type == "softbreak" and not (before.content[-1:].isascii() and after.content[:1].isascii()):
            token.type, token.content = "text", ""


def _lead_within(token: Token) -> None:
    """Links between guides lead to their pages here; pictures are loaded when they come into view."""
    if token.type == "link_open":
        _lead_on(token)
    elif token.type == "image":
        token.attrSet("src", f"/help/pictures/{str(token.attrs['src']).rpartition('/')[2]}")
        token.attrSet("loading", "lazy")


def _lead_on(token: Token) -> None:
    target, _, anchor = str(token.attrs.get("href", "")).partition("#")
    attributes: dict[str, Any] = token.attrs
    if target.endswith(".md") and "/" not in target:
        name = target.removesuffix(".md").removesuffix(f".{ENGLISH}")
        attributes["href"] = "/help" if name == "README" else f"/help/{name}"
    elif target and "://" not in target:
        # Beside the guides, in the repository: for operators and developers.
        token.attrs = {}
        token.tag = "span"
    elif anchor and not target:
        attributes["href"] = f"#{anchor}"
