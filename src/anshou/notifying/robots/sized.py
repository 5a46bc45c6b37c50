"""Fitting words into what a messenger takes: whole lines go first, so that no link is cut in two."""

from collections.abc import Callable
from dataclasses import replace

from anshou.notifying.robots.talking import Words


def fitted(words: Words, size_of: Callable[[Words], int], most: int) -> Words:
    """The words with as many of their lines, from the first, as make at most `most` bytes by `size_of`.

    The heading says how many there are; whoever reads it knows that more wait than are listed.
    """
    while size_of(words) > most and words.lines:
        words = replace(words, lines=words.lines[:-1])
    return words
