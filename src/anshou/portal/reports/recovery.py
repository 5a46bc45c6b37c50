"""What came back of the costs, and what the agency bears; how claims on others moved."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.downloads import send_sheet
from anshou.finance.reporting.asking import Bearer, By, Sort, departments_read
from anshou.finance.reporting.entries import other_currencies
from anshou.finance.reporting.recovery import Recovered, claims_on, recovered_by
from anshou.finance.reporting.sheet import write_report
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.reports.asked import Question, asked_of, presets
from anshou.portal.reports.behind import MOVED
from anshou.portal.reports.filters import choices_of, facts_of
from anshou.portal.reports.names import names_by
from anshou.portal.reports.places import BEHIND, RECOVERY, tabs
from anshou.portal.reports.tables import Cell, Head, Row, Table, plot_of, ratio
from billing.attribution.claims import ClaimResult
from tenants.refusals import N_


@get(RECOVERY)
async def recovery_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Claims by party, and where the costs ended by whatever is asked for."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    question, language = asked_of(request, visit, By.MONTH), language_of(request)
    table, whole = await _where_costs_ended(visit, question, language)
    own = departments_read(visit.person)
    return page(
        request,
        "reports/recovery.html",
        tabs=tabs(request, visit.person, RECOVERY, question.query(by=None)),
        question=question,
        presets=presets(question, visit, language),
        address=RECOVERY,
        download=f"{RECOVERY}/recovery.xlsx?{question.query()}",
        claims=await _claims(visit, question, language),
        table=table,
        whole=whole,
        others=await other_currencies(visit.session, question.months),
        recovered=ratio(whole.merchant + whole.received, whole.total),
        plot=plot_of(
            table,
            "columns" if question.by is By.MONTH else "bars",
            language,
            rest=lambda left: language.say(N_("其余 %(left)s 项"), left=left),
        ),
        bys=[(one.value, language.say(one.label)) for one in By if one is not By.BEARER],
        choices=await choices_of(visit, question, language, but=(By.BEARER,)),
        own=[language.say(one.label) for one in sorted(own)] if own is not None else [],
    )


@get(f"{RECOVERY}/recovery.xlsx")
async def recovery_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """Where the costs ended, as a spreadsheet."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    question, language = asked_of(request, visit, By.MONTH), language_of(request)
    table, _ = await _where_costs_ended(visit, question, language)
    title = language.say(N_("追偿与承担"))
    heads, rows = table.for_sheet()
    content = write_report(title, await facts_of(visit, question, language), heads, rows)
    return send_sheet(content, f"{title} {question.period}.xlsx")


async def _claims(visit: Visit, question: Question, language: Language) -> Table:
    say = language.say
    heads = (N_("期初未结"), N_("本期应追偿"), N_("已收回"), N_("追偿不成"), N_("期末未结"))
    rows = []
    for bearer, one in (
        await claims_on(visit.session, question.months, question.narrowed, person=visit.person)
    ).items():

        def entries(sort: Sort, of: Bearer = bearer) -> str:
            return f"{BEHIND}?{question.query(bearer=of.value, sort=sort.value)}"

        cells = [
            Cell(one.opening),
            Cell(one.claimed, entries(Sort.BORNE)),
            Cell(one.received, entries(Sort.SETTLED)),
            Cell(one.failed, entries(Sort.FALLEN_BACK)),
            Cell(one.closing),
            # Of what was decided: what is open says nothing of how well claims go.
            Cell(None, text=ratio(one.received, one.received + one.failed) or "—"),
            Cell(
                None, text=" · ".join(f"{say(how.label)} {one.ended[how]}" for how in ClaimResult if how in one.ended)
            ),
        ]
        rows.append(Row(say(bearer.label), cells))
    return Table(
        say(N_("追偿对象")),
        [*(Head(say(head)) for head in heads), Head(say(N_("收回率"))), Head(say(N_("已结笔数")))],
        rows,
    )


async def _where_costs_ended(visit: Visit, question: Question, language: Language) -> tuple[Table, Recovered]:
    by = By.MONTH if question.by is By.BEARER else question.by
    lines, whole = await recovered_by(visit.session, question.months, question.narrowed, by=by, person=visit.person)
    names = await names_by(visit, by, [key for key, _ in lines], language)
    return ended_table(Question(question.months, question.narrowed, by), lines, whole, names, language), whole


def ended_table(
    question: Question,
    lines: Sequence[tuple[Any, Recovered]],
    whole: Recovered,
    names: Mapping[Any, str],
    language: Language,
) -> Table:
    """Where costs ended, a line each; every amount leads to its entries."""
    say = language.say

    def row(name: str, one: Recovered, **of_line: object) -> Row:
        def entries(bearer: Bearer | None, sort: str | None = None) -> str:
            narrower = {**of_line, "bearer": bearer, "sort": sort}
            return f"{BEHIND}?{question.query(**narrower)}"

        return Row(
            name,
            [
                Cell(one.total, entries(None)),
                Cell(one.agency, entries(Bearer.AGENCY)),
                Cell(one.fallen_back, entries(Bearer.AGENCY, Sort.FALLEN_BACK)),
                Cell(one.merchant, entries(Bearer.MERCHANT)),
                Cell(one.received, entries(Bearer.OUTSIDE, Sort.SETTLED)),
                Cell(one.outside, entries(Bearer.OUTSIDE, MOVED)),
                Cell(one.pending, entries(Bearer.PENDING)),
                Cell(None, text=ratio(one.merchant + one.received, one.total) or "—"),
            ],
        )

    rows = [row(names.get(key, "—"), one, **question.key(key)) for key, one in lines]
    heads = [
        Head(say(N_("费用合计"))),
        Head(say(N_("代运营方承担")), "agency"),
        Head(say(N_("其中追偿不成"))),
        Head(say(N_("商家承担")), "merchant"),
        Head(say(N_("外部已收回")), "received"),
        Head(say(N_("外部未收回")), "outside"),
        Head(say(N_("待判定")), "pending"),
        Head(say(N_("转出率"))),
    ]
    total = row(say(N_("合计")), whole) if whole != Recovered() else None
    return Table(say(question.by.label), heads, rows, total)
