"""What a text is found by: pairs of characters for Chinese, words and numbers for what is written in letters.

Pure. Chinese has no spaces, and two characters are the shortest thing that anybody looks for: so every two neighbours
are indexed, and a longer phrase is found by all of its pairs. A segmenter would have to know the trade's words, and one
that cuts differently in question and text finds nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

LONGEST_WORD = 32
"""Characters of one word that are indexed; longer ones are compared with the text itself."""

SHORTEST_TAIL = 4
"""A number is found by its last or middle digits, from so many on: order numbers are told by their last four."""

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003134f"
# A decimal is one number.
_RUN = re.compile(r"[^\W_]+(?:(?<=\d)\.(?=\d)[^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PIECE = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_IS_CJK = re.compile(f"[{_CJK}]")


class _Folding(dict[int, str]):
    """What becomes of a character, by its code point; remembered."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text without the differences nobody means: full and half width, capital and small letters."""
    narrow = text.replace("，", ",").replace("（", "(").replace("）", ")").replace("：", ":").replace("；", ";")
    # Nearly every text has nothing else that is wide. Of a normalized text each character is, and a search folds
    # hundreds of texts: character by character they would be a third of its work.
    return narrow.casefold() if unicodedata.is_normalized("NFKC", narrow) else text.translate(_FOLDING)


def bared(folded: str) -> str:
    """A folded text as it is compared: without the commas in large amounts, which people leave out when they ask."""
    return _THOUSANDS.sub("", folded) if "," in folded else folded


def fold_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in the text from which it came."""
    if len(whole := fold(text)) == len(text):
        return whole, range(len(text))
    # A character may become several, never none.
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        one = _FOLDING[ord(character)]
        folded.append(one)
        places.extend([place] * len(one))
    return "".join(folded), places


def runs(folded: str) -> list[str]:
    """The stretches of letters, digits and characters between blanks and punctuation."""
    return _RUN.findall(folded)


def pieces(run: str) -> list[str]:
    """A stretch cut where Chinese and other writing meet."""
    return _PIECE.findall(run)


def is_cjk(character: str) -> bool:
    """Whether the character is of a writing without spaces."""
    return _IS_CJK.match(character) is not None


def has_cjk(text: str) -> bool:
    """Whether any of it is of a writing without spaces."""
    return not text.isascii() and _IS_CJK.search(text) is not None


def pairs(run: str) -> Iterator[str]:
    """Every two neighbours of which one at least is Chinese."""
    for place in range(len(run) - 1):
        pair = run[place : place + 2]
        if _IS_CJK.search(pair):
            yield pair


def words_of(text: str) -> set[str]:
    """Everything by which the text is found."""
    found: set[str] = set()
    for run in runs(bared(fold(text))):
        if not run.isascii():
            found.update(pairs(run))
        for piece in pieces(run):
            if is_cjk(piece):
                if len(run) == 1:
                    found.add(piece)
            else:
                found.update(_forms(piece[:LONGEST_WORD]))
    return found


def _forms(word: str) -> Iterator[str]:
    yield word
    if any(character.isdigit() for character in word):
        # The beginning of a tail finds whatever stands inside.
        for place in range(1, len(word) - SHORTEST_TAIL + 1):
            yield word[place:]
