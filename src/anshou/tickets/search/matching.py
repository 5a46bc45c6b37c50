"""Whether a ticket says what was asked. Pure: the index has proposed it, its rows decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from anshou.tickets.search.asking import Question, Term
from anshou.tickets.search.contents import Place, Said
from anshou.tickets.search.words import bared, fold

_ORDER = {place: weight for weight, place in enumerate(Place)}


@dataclass(frozen=True, slots=True)
class Match:
    """What of a ticket answers the question, the weightiest first, and what is marked in it (folded)."""

    said: tuple[Said, ...]
    marked: tuple[str, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it stands, each once."""
        return tuple(dict.fromkeys(one.place for one in self.said))


def match(question: Question, said: Sequence[Said], *, loosely: bool = False) -> Match | None:
    """What answers the question; None if a term stands nowhere, or loosely, half of its pairs do not."""
    texts = [bared(fold(one.text)) for one in said]
    wanted: list[str] = []
    for term in question.terms:
        found = _found(term, texts, loosely=loosely)
        if not found:
            return None
        wanted += found
    answering = [one for one, text in zip(said, texts, strict=True) if any(map(text.__contains__, wanted))]
    return Match(tuple(sorted(answering, key=lambda one: _ORDER[one.place])), tuple(wanted))


def _found(term: Term, texts: Sequence[str], *, loosely: bool) -> list[str]:
    """What of the term stands in the texts: the term itself, or loosely those of its pairs that do."""
    if any(term.text in text and term.places(text) for text in texts):
        return [term.text]
    every = term.loose_pairs if loosely else []
    there = [pair for pair in every if any(pair in text for text in texts)]
    return there if 2 * len(there) >= len(every) else []
