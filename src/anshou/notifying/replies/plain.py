"""HTML as the text that it shows. Nothing of it is ever shown as HTML."""

from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template", "object", "svg"})
_QUOTATION = frozenset({"blockquote"})
_QUOTING_CLASSES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "qmquote", "ntes_mailmaster_quote")
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "section", "article"}
)
# Elements that have no end tag.
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.said.append("\n")
        if tag in _VOID:
            return
        named = " ".join(value or "" for name, value in attrs if name in ("class", "id", "name")).lower()
        hidden = tag in _SILENT or tag in _QUOTATION or any(one in named for one in _QUOTING_CLASSES)
        self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        if any(one == tag for one, _ in self._open):
            while self._open and self._open.pop()[0] != tag:
                pass
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(" ".join(data.split()) if not data.strip() else _spaced(data))


def _spaced(data: str) -> str:
    before = " " if data[0].isspace() else ""
    after = " " if data[-1].isspace() else ""
    return f"{before}{' '.join(data.split())}{after}"


def plain_text(html: str) -> str:
    """The text, a line for each block; quotations that are marked as such are left out."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "\n".join(line.strip() for line in "".join(reader.said).split("\n"))
