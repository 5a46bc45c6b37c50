"""What lines are called, what can be chosen, and what is chosen, in words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shop_names, shops_of
from anshou.people.cards import names_of
from anshou.people.roles import Department
from anshou.performance.asking import By
from anshou.performance.sight import Sight
from anshou.portal.performance.asked import NONE, Question
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from tenants.refusals import N_

UNKNOWN = {
    By.SHOP: N_("未指明店铺"),
    By.CATEGORY: N_("未分类"),
    By.DEPARTMENT: N_("未分派"),
    By.PERSON: N_("没有负责人"),
}

_ENUMS: dict[By, Any] = {By.KIND: Kind, By.CATEGORY: Category, By.DEPARTMENT: Department}

Choice = tuple[str, str, list[tuple[str, str]], str]


async def names_by(visit: Visit, by: By, keys: Sequence[Any], language: Language) -> dict[Any, str]:
    """The names of the keys of lines by this."""
    known = [key for key in keys if key is not None]
    named: dict[Any, str]
    match by:
        case By.MERCHANT:
            named = {**await merchant_names(visit.session)}
        case By.SHOP:
            named = {**await shop_names(visit.session, known)}
        case By.PERSON:
            named = {**await names_of(visit.session, known)} if known else {}
        case _:
            named = {key: language.say(_ENUMS[by](key).label) for key in known}
    named[None] = language.say(UNKNOWN.get(by, N_("其他")))
    return named


async def choices_of(visit: Visit, question: Question, sight: Sight, language: Language) -> list[Choice]:
    """The filters: name, label, what can be chosen, and what is."""
    kept = question.kept
    choices: list[Choice] = []
    for by in (*sight.dimensions, *((By.PERSON,) if By.PERSON.value in kept and not sight.is_merchant else ())):
        if any(by.value == name for name, *_ in choices):
            continue
        options = await _options(visit, by, question, sight, language)
        if options or by.value in kept:
            choices.append((by.value, language.say(by.label), options, kept.get(by.value, "")))
    return choices


async def narrowed_to(visit: Visit, question: Question, language: Language) -> list[tuple[str, str]]:
    """What it is narrowed to: by what, and which."""
    found = []
    for name, value in question.kept.items():
        by = By(name)
        key = None if value == NONE else getattr(question.narrowed, name)
        names = await names_by(visit, by, [key], language)
        found.append((language.say(by.label), names.get(key, "—")))
    return found


async def _options(visit: Visit, by: By, question: Question, sight: Sight, language: Language) -> list[tuple[str, str]]:
    narrowed = question.narrowed
    match by:
        case By.MERCHANT:
            names = await merchant_names(visit.session)
            return _sorted(names)
        case By.SHOP:
            merchant = sight.person.merchant_id or narrowed.merchant
            if merchant is not None:
                return [(str(one.id), one.name) for one in await shops_of(visit.session, merchant, closed=True)]
            return _sorted(await shop_names(visit.session, [narrowed.shop] if narrowed.shop else []))
        case By.PERSON:
            people = sight.people or frozenset({narrowed.person} if narrowed.person else ())
            return _sorted(
                {one: name for one, name in (await names_of(visit.session, people)).items() if one in people}
            )
        case _:
            return [(one.value, language.say(one.label)) for one in _ENUMS[by]]


def _sorted(names: dict[UUID, str]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in sorted(names.items(), key=lambda item: item[1])]
