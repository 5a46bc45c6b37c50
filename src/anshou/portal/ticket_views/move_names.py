"""How moves are offered: those of the process before all, those of any time behind a menu, in groups."""

from collections.abc import Iterable
from dataclasses import dataclass

from anshou.language import Language
from anshou.people.person import Person
from anshou.portal.forms.fields import fields_of
from anshou.tickets.acting import acting_as
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_

# The moves of any time (tickets.anytime) by what they are for. A move named nowhere here is one of the process.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("处理"),
        (
            "claim",
            "assign",
            "release",
            "hand_over",
            "reclassify",
            "promise",
            "determine",
            "object_to_determination",
            "review_determination",
            "review_determination_finally",
            "escalate",
            "decide_escalation",
        ),
    ),
    (N_("沟通"), ("hold", "resume", "report_progress", "record_contact", "hold_meeting")),
    (N_("关联与结束"), ("link", "merge", "refuse", "withdraw", "close_unanswered", "reopen")),
)
ANYTIME = frozenset(name for _, names in GROUPS for name in names)

# Moves that have a page of their own, because the person signs in again for them.
SIGNING = frozenset({"sign_for_agency", "sign_for_merchant"})

# Asked for at once even though they are of any time: a ticket on hold waits for nothing else, and levels owe answers.
FIRST = frozenset({"resume", "reopen", "decide_escalation", "review_determination", "review_determination_finally"})


# By which key a move's form opens: one a move, whatever the kind. What the process asks for now has the digits.
KEYS = {
    "claim": "c",
    "assign": "a",
    "hand_over": "h",
    "reclassify": "t",
    "promise": "o",
    "determine": "d",
    "escalate": "e",
    "hold": "w",
    "record_contact": "l",
    "hold_meeting": "v",
    "link": "i",
    "merge": "m",
    "refuse": "f",
    "close_unanswered": "x",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as a link: its name, what the link says, and whether it is written down for the merchant.

    `asks_nothing` when it is made by a mere button.
    """

    name: str
    label: str
    for_merchant: bool
    asks_nothing: bool
    address: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the person may do now: `next` in the process, `groups` at any time."""

    next: tuple[Offer, ...]
    groups: tuple[tuple[str, tuple[Offer, ...]], ...]

    def __bool__(self) -> bool:
        return bool(self.next or self.groups)


def offers(moves: Iterable[AnyMove], person: Person, ticket: Ticket, *, address: str, language: Language) -> Offers:
    """The open moves as links below the ticket's address."""
    made = {
        move.name: _offer(move, person, ticket, address, language)
        for move in moves
        # Nobody's ticket is nobody's to give back.
        if move.name != "release" or ticket.owner_id is not None
    }
    first = tuple(offer for name, offer in made.items() if name not in ANYTIME or name in FIRST)
    groups = tuple(
        (language.say(label), tuple(made[name] for name in names if name in made and name not in FIRST))
        for label, names in GROUPS
    )
    return Offers(
        tuple(sorted(first, key=lambda offer: offer.for_merchant)),
        tuple((label, offered) for label, offered in groups if offered),
    )


def _offer(move: AnyMove, person: Person, ticket: Ticket, address: str, language: Language) -> Offer:
    for_merchant = acting_as(move, person, ticket) is Actor.FOR_MERCHANT
    label = language.say(move.label)
    if for_merchant:
        label = language.say(N_("代商家登记：%(move)s"), move=label)
    last = "sign" if move.name in SIGNING else f"moves/{move.name}"
    return Offer(
        move.name, label, for_merchant, not fields_of(move.record), f"{address}/{last}", KEYS.get(move.name, "")
    )
