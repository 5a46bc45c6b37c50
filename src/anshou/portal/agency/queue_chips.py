"""What narrows a list at present, each with the address of the list without it; and what is one press away."""

from collections.abc import Mapping
from uuid import UUID

from anshou.language import Language
from anshou.people.person import Person
from anshou.portal.agency.queue_asked import QueueAsked
from anshou.portal.agency.queue_fields import AT_HAND, FIELDS, NO, NOBODY, STEPS, Field
from anshou.portal.query_values import identifier
from anshou.tickets.queue_filters import INSIDE, knows_inside
from tenants.refusals import N_

Chip = tuple[str, str]
"""What it says, and the address of the list without it."""

UNKNOWN = N_("（不可见）")


def chips_of(
    asked: QueueAsked,
    language: Language,
    *,
    merchants: Mapping[UUID, str],
    people: Mapping[UUID, str],
    shops: Mapping[UUID, str],
) -> list[Chip]:
    """A chip for everything that narrows the list. What the person may not know is not named."""
    names = {"merchant": merchants, "owner": people, "shop": shops}
    chips = []
    for field in FIELDS:
        for name in field.names:
            if value := asked.said.get(name):
                said = _said(field, name, value, names.get(field.name, {}), language)
                chips.append((said, asked.address(**{name: ""})))
    if words := asked.said.get("q"):
        chips.append((language.say(N_("包含“%(words)s”"), words=words), asked.address(q="")))
    return chips


def quick_ones(asked: QueueAsked, person: Person) -> list[Chip]:
    """What is often wanted and does not narrow the list yet, with the address where it does."""
    return [
        (label, asked.address(**{name: value}))
        for name, value, label in AT_HAND
        if name not in asked.said and (name not in INSIDE or knows_inside(person))
    ]


def _said(field: Field, name: str, value: str, names: Mapping[UUID, str], language: Language) -> str:
    label = language.say(field.label)
    match field.widget:
        case "yes_no":
            return language.say(N_("不是：%(label)s"), label=label) if value == NO else label
        case "choice":
            known = next((one for one in field.labels or () if one.value == value), None)
            shown = language.say(known.label) if known else value
        case "step":
            shown = language.say(STEPS[value]) if value in STEPS else value
        case "owner" if value == NOBODY:
            shown = language.say(N_("未分派"))
        case "merchant" | "owner" | "shop":
            ident = identifier(value)
            shown = names.get(ident, language.say(UNKNOWN)) if ident else value
        case _:
            ends = N_("%(label)s：%(day)s 起") if name.endswith("_from") else N_("%(label)s：至 %(day)s")
            return language.say(ends, label=label, day=value)
    return language.say(N_("%(label)s：%(value)s"), label=label, value=shown)
