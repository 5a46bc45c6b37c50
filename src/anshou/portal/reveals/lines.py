"""Reveals as rows of a list, and the places between its pages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anshou.language import Language
from anshou.privacy.objections import Outcome
from anshou.privacy.revealable import find_declared
from anshou.privacy.seen import Place, Seen
from tenants.refusals import N_, Invalid

TONES = {Outcome.UPHELD: "red", Outcome.REJECTED: ""}


class PlaceInvalid(Invalid):
    """Raised when a page would be continued from something that no page ended with."""

    def __init__(self) -> None:
        super().__init__(N_("翻页位置无效，请从第一页重新开始。"))


@dataclass(frozen=True, slots=True)
class Line:
    """A reveal with its words: the field's and the purpose's name, and where an objection to it stands."""

    seen: Seen
    field: str
    purpose: str
    standing: str
    tone: str


def line_of(seen: Seen, purposes: dict[str, str], language: Language, *, now: datetime) -> Line:
    """The row in the reader's language."""
    declared = find_declared(seen.subject_table, seen.field)
    standing, tone = _standing(seen, now)
    return Line(
        seen,
        field=language.say(declared.label) if declared else seen.field,
        purpose=language.say(purposes.get(seen.purpose, seen.purpose)),
        standing=language.say(standing),
        tone=tone,
    )


def _standing(seen: Seen, now: datetime) -> tuple[str, str]:
    if seen.objection_id is None:
        return "", ""
    if seen.outcome is not None:
        return seen.outcome.label, TONES[seen.outcome]
    if seen.due_at is not None and seen.due_at < now:
        return N_("异议超时未答复"), "red"
    return N_("异议待答复"), "amber"


def place_text(place: Place) -> str:
    """Where a page ended, for an address."""
    return f"{place[0].isoformat()}~{place[1]}"


def read_place(text: str) -> Place:
    """Where the page before ended. Raises PlaceInvalid."""
    at, _, ident = text.partition("~")
    try:
        place = datetime.fromisoformat(at), UUID(ident)
    except ValueError:
        raise PlaceInvalid from None
    if place[0].tzinfo is None:
        raise PlaceInvalid
    return place
