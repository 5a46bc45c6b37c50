"""The passages of a ticket that a question found, with what was found in them marked. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from anshou.tickets.search.contents import Place, Said
from anshou.tickets.search.words import fold_with_places

BEFORE, LONGEST = 16, 90
"""Characters of a passage before the first thing found, and of all of it."""

MOST_EXTRACTS = 2
"""Passages shown of one ticket."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a passage; `found` if it is what was asked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """A passage. `inner` if the agency alone reads it; author and instant are those of an entry."""

    place: Place
    pieces: tuple[Piece, ...]
    inner: bool
    author: str
    at: datetime | None


def mark(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    """The whole text in pieces, with every place marked where something wanted (folded) stands."""
    return _pieces(text, _spans(*fold_with_places(text), wanted))


def extract(said: Said, wanted: Sequence[str]) -> Extract | None:
    """The passage around what is found first; None if nothing is."""
    return _around(said, _spans(*fold_with_places(said.text), wanted))


def extracts(said: Iterable[Said], wanted: Sequence[str]) -> tuple[Extract, ...]:
    """The passages that show most of what was wanted: first those that show something that no earlier one does."""
    found: list[Extract] = []
    shown: set[str] = set()
    for one in said:
        folded, places = fold_with_places(one.text)
        new = [each for each in wanted if each not in shown and each in folded]
        # Marked for everything wanted, though chosen for what is new in it.
        if new and (passage := _around(one, _spans(folded, places, wanted))) is not None:
            found.append(passage)
            shown.update(new)
        if len(found) == MOST_EXTRACTS:
            break
    return tuple(found)


def _around(said: Said, spans: Sequence[tuple[int, int]]) -> Extract | None:
    if not spans:
        return None
    start = max(0, spans[0][0] - BEFORE)
    end = min(len(said.text), max(start + LONGEST, spans[0][1]))
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end]
    cut = " ".join(said.text[start:end].split("\n")) if "\n" in said.text[start:end] else said.text[start:end]
    shown = list(_pieces(cut, inside))
    if start > 0:
        shown.insert(0, Piece("…", False))
    if end < len(said.text):
        shown.append(Piece("…", False))
    return Extract(said.place, tuple(shown), said.inner, said.author, said.at)


def _spans(folded: str, places: Sequence[int], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Where something wanted stands, as merged spans of places in the text."""
    spans = []
    for one in wanted:
        place = folded.find(one)
        while place >= 0:
            spans.append((places[place], places[place + len(one) - 1] + 1))
            place = folded.find(one, place + len(one))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces = []
    done = 0
    for start, end in spans:
        if start > done:
            pieces.append(Piece(text[done:start], False))
        pieces.append(Piece(text[start:end], True))
        done = end
    if done < len(text):
        pieces.append(Piece(text[done:], False))
    return tuple(pieces)
