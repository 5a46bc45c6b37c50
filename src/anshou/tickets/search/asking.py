"""What somebody typed, as it is looked up and as it is compared with a text. Pure."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from anshou.tickets.search.words import LONGEST_WORD, SHORTEST_TAIL, bared, fold, is_cjk, pairs, pieces, runs

LONGEST = 100
"""Characters of a question; what follows is not looked at."""

MOST_TERMS = 8
"""Terms of a question; what follows is not looked at."""

_SHORTEST_BEGINNING = 3

# Of so few pairs every half is looked up; and no more of a phrase is looked at loosely.
_FEW, _LONGEST_LOOSELY = 4, 12


@dataclass(frozen=True, slots=True)
class Term:
    """One stretch of a question without blanks and punctuation, folded: a text has it as it stands, or not at all."""

    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the index that a text with the term has, all of them; none if there is nothing to go by."""
        found = list(dict.fromkeys(pairs(self.text)))
        for piece in pieces(self.text):
            if not is_cjk(piece):
                found += self._as_looked_up(piece, alone=piece == self.text)
        return tuple(found)

    @property
    def loosely(self) -> list[list[str]]:
        """Half of the pairs of a Chinese phrase, in every way: each a list of words that a text has all of.

        Of a long phrase one pair of each of its halves. Empty for what is too short or not Chinese.
        """
        every = self.loose_pairs
        if len(every) <= _FEW:
            return [list(one) for one in combinations(every, -(-len(every) // 2))] if every else []
        middle = len(every) // 2
        return [list(one) for one in product(every[:middle], every[middle:])]

    @property
    def loose_pairs(self) -> list[str]:
        """The pairs of which half are enough, loosely."""
        is_phrase = len(self.text) > 2 and all(map(is_cjk, self.text))
        return list(dict.fromkeys(pairs(self.text[:_LONGEST_LOOSELY]))) if is_phrase else []

    def _as_looked_up(self, piece: str, *, alone: bool) -> list[str]:
        shortest = SHORTEST_TAIL if piece.isdigit() else _SHORTEST_BEGINNING
        if len(piece) >= shortest:
            return [f"{piece[:LONGEST_WORD]}*"]
        # So few letters are the beginning of half the dictionary: only the word itself is meant.
        return [piece] if alone and len(piece) > 1 else []

    def places(self, folded: str) -> list[int]:
        """Where the term stands in a folded text. A word in letters is not found inside another one."""
        found = []
        place = folded.find(self.text)
        while place >= 0:
            if not self._is_inside(folded, place):
                found.append(place)
            place = folded.find(self.text, place + 1)
        return found

    def _is_inside(self, folded: str, place: int) -> bool:
        before, first = folded[place - 1 : place], self.text[0]
        if not before or is_cjk(first) or is_cjk(before):
            return False
        if first.isdigit():
            return before.isdigit() and len(pieces(self.text)[0]) < SHORTEST_TAIL
        return before.isalpha()


@dataclass(frozen=True)
class Question:
    """A question: every term must be found."""

    terms: tuple[Term, ...]

    @classmethod
    def read(cls, text: str) -> "Question":
        """What is meant by the text; it may ask nothing at all."""
        found = dict.fromkeys(runs(bared(fold(text[:LONGEST]))))
        return cls(tuple(Term(one) for one in list(found)[:MOST_TERMS]))

    @cached_property
    def can_be_looked_up(self) -> bool:
        """Whether any of its terms leads into the index: a single character does not."""
        return any(term.words for term in self.terms)
