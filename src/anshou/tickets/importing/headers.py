"""Which sheet of a book is the ledger, and which of its rows the header: each with the reason, for a person to see."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from anshou.tickets.importing.books import Book, Page
from anshou.tickets.importing.fields import likeness
from billing.bills import values
from tenants.refusals import N_, Message

# Title rows and notes stand above a header; further down there is none.
LATEST_HEADER = 30
# Columns that a header must name, or it is a row like others.
FEWEST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table begins: sheet, line of its header, and why this one was taken."""

    sheet: str
    line: int
    reason: Message


def bare(heading: str) -> str:
    """A heading to compare: without blanks, brackets and what they hold, in one width and case."""
    text = unicodedata.normalize("NFKC", values.plain(heading)).lower()
    return "".join(text.partition("(")[0].split()) or "".join(text.split())


def find_header(book: Book) -> Place | None:
    """The most likely header of the book; None if no row of a visible sheet looks like one."""
    best: tuple[int, int, Place] | None = None
    for page in book.pages:
        if not page.is_visible:
            continue
        for line, cells in page.rows[:LATEST_HEADER]:
            named = likeness([bare(cell) for cell in cells])
            # Of two sheets with a header alike, the longer one is the ledger.
            if named >= FEWEST_NAMED and (best is None or (named, len(page.rows)) > best[:2]):
                reason = Message(
                    N_("第 %(line)s 行有 %(named)s 个认得的列名，其下 %(rows)s 行"),
                    line=line,
                    named=named,
                    rows=sum(1 for number, _ in page.rows if number > line),
                )
                best = named, len(page.rows), Place(page.name, line, reason)
    return best[2] if best else None


def chosen_header(book: Book, sheet: str, line: int) -> Place | None:
    """A header that a person chose; None if there is no such row."""
    page = book.page(sheet)
    if page is None or line not in (number for number, _ in page.rows):
        return None
    return Place(sheet, line, Message(N_("由您选定")))


def headings_of(page: Page, line: int) -> list[str]:
    """The names of the columns as the file has them; a column without one is called by its letter."""
    cells: Sequence[str] = next((found for number, found in page.rows if number == line), ())
    below = max((len(found) for number, found in page.rows if number > line), default=0)
    width = max(len(cells), below)
    names = [values.plain(cell) for cell in cells] + [""] * (width - len(cells))
    return [
        " ".join(name.split()) or Message(N_("第 %(letter)s 列"), letter=letter(place))
        for place, name in enumerate(names)
    ]


def letter(place: int) -> str:
    """A column's letters as spreadsheets show them, from 0: A, B, … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def titles_of(page: Page, line: int) -> list[str]:
    """What stands above the header, and the sheet's name: where a year may be written."""
    above = [cell for number, cells in page.rows if number < line for cell in cells if values.plain(cell)]
    return [page.name, *above]


def signature_of(headings: Sequence[str]) -> str:
    """By what a file like this is known again: the hash of its columns' names in their order."""
    return hashlib.sha256("\x1f".join(bare(heading) for heading in headings).encode()).hexdigest()
