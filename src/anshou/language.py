"""The languages that people read: which one a request is in, and the words of each.

Message ids are Chinese, so Chinese needs no catalogue; English is read from the portal's `locale` directory when the
process starts. Rooms below a door only mark messages (`N_`); the doors translate them here.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tenants.refusals import Message, Refusal

CATALOGUES = Path(__file__).parent / "portal" / "locale"

CHINESE = "zh-CN"
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag (BCP 47), how it calls itself, and its words."""

    tag: str
    own_name: str
    words: gettext.NullTranslations

    def say(self, message: str, /, **params: object) -> str:
        """A message in this language, its `%(name)s` placeholders filled in."""
        said = self.translate(message)
        return said % params if params else said

    def translate(self, text: str) -> str:
        """A marked text in this language; complete messages with their parameters too."""
        if isinstance(text, Message):
            return text.text(self.words.gettext)
        # The empty message id is the catalogue's own header.
        return self.words.gettext(text) if text else ""

    def refusal(self, refusal: Refusal) -> str:
        """What a refusal says to the person who asked."""
        return refusal.text(self.translate)


@cache
def languages() -> Mapping[str, Language]:
    """The languages there are, by tag; read once per process. The first is the default."""
    return {
        CHINESE: Language(CHINESE, "中文", gettext.NullTranslations()),
        ENGLISH: Language(ENGLISH, "English", _catalogue(ENGLISH)),
    }


def choose(*wishes: str | None, accepted: str = "") -> Language:
    """The first wish that is a language we have, else the best of an Accept-Language header, else Chinese."""
    known = languages()
    for wish in wishes:
        if wish is not None and wish in known:
            return known[wish]
    for tag in _by_preference(accepted):
        for language in known.values():
            if tag.split("-")[0] == language.tag.split("-")[0]:
                return language
    return known[CHINESE]


def _by_preference(accepted: str) -> list[str]:
    """The tags of an Accept-Language header, most wanted first (RFC 9110 section 12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for part in accepted.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if tag and weight > 0:
            wanted.append((-weight, len(wanted), tag))
    return [tag for _, _, tag in sorted(wanted)]


def _catalogue(tag: str) -> gettext.NullTranslations:
    """A catalogue compiled in memory: nothing compiled lies about that could be older than its source."""
    source = CATALOGUES / tag / "LC_MESSAGES" / "anshou.po"
    compiled = BytesIO()
    with source.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=tag))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
