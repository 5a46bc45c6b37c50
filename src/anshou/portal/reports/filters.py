"""What a report can be narrowed by, and what it is narrowed to, in words."""

from typing import Any

from anshou.finance.reporting.asking import Bearer, By, departments_read
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shop_names, shops_of
from anshou.people.roles import Department
from anshou.portal.reports.asked import Question
from anshou.portal.reports.names import names_by
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from billing.parties import CostCategory, Party
from tenants.refusals import N_


async def narrowed_to(visit: Visit, question: Question, language: Language) -> list[tuple[str, str]]:
    """What the report is narrowed to: by what, and which."""
    said = []
    for name in question.kept:
        by, key = By(name), getattr(question.narrowed, name)
        names = await names_by(visit, by, [] if key is None else [key], language)
        said.append((language.say(by.label), names.get(key, "—")))
    return said


async def facts_of(visit: Visit, question: Question, language: Language) -> list[tuple[str, str]]:
    """What the report is of, for whoever is handed the spreadsheet."""
    said = [(N_("期间"), question.period), (N_("币种"), "CNY")]
    said += await narrowed_to(visit, question, language)
    if (own := departments_read(visit.person)) is not None:
        said.append((N_("统计范围"), "、".join(language.say(one.label) for one in sorted(own))))
    said.append((N_("统计口径"), language.say(N_("按记账日期统计，金额含税；改判和冲销计入其记账当月"))))
    return [(language.say(label), value) for label, value in said]


async def choices_of(
    visit: Visit, question: Question, language: Language, *, but: tuple[By, ...] = ()
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The filters, `but` these: name, label, what can be chosen, and what is."""
    own = departments_read(visit.person)
    names = await merchant_names(visit.session)
    merchants = [(str(key), name) for key, name in sorted(names.items(), key=lambda item: item[1])]
    narrowed, kept = question.narrowed, question.kept
    shops: list[tuple[str, str]] = []
    if narrowed.merchant is not None:
        found = await shops_of(visit.session, narrowed.merchant, closed=True)
        shops = [(str(one.id), one.name) for one in found]
    elif narrowed.shop is not None:
        shops = [(str(one), name) for one, name in (await shop_names(visit.session, [narrowed.shop])).items()]

    def words(kind: Any) -> list[tuple[str, str]]:
        return [(one.value, language.say(one.label)) for one in kind]

    offered = [
        (By.MERCHANT, merchants),
        (By.SHOP, shops),
        (By.KIND, words(Kind)),
        (By.TOPIC, words(Category)),
        (By.CAUSE, words(Party)),
        (By.DEPARTMENT, words(Department if own is None else sorted(own))),
        (By.CATEGORY, words(CostCategory)),
        (By.BEARER, words(Bearer)),
    ]
    return [
        (by.value, language.say(by.label), options, kept.get(by.value, ""))
        for by, options in offered
        if (options or by.value in kept) and by not in but
    ]
