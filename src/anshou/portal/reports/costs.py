"""What tickets cost, by one thing at a time, and who bears it: as a table, a plot and a spreadsheet."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.downloads import send_sheet
from anshou.finance.reporting.asking import Bearer, By, departments_read
from anshou.finance.reporting.costs import Report, costs_by
from anshou.finance.reporting.entries import other_currencies
from anshou.finance.reporting.sheet import write_report
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.reports.asked import Question, asked_of, presets
from anshou.portal.reports.filters import choices_of, facts_of
from anshou.portal.reports.names import names_by
from anshou.portal.reports.places import BEHIND, COSTS, tabs
from anshou.portal.reports.tables import Cell, Head, Row, Table, plot_of
from tenants.refusals import N_

# Drawn in this order, and each in its colour on every page.
SHOWN = (
    (Bearer.AGENCY, N_("代运营方承担"), "agency"),
    (Bearer.MERCHANT, N_("商家承担"), "merchant"),
    (Bearer.OUTSIDE, N_("外部责任方承担"), "outside"),
    (Bearer.PENDING, N_("待判定"), "pending"),
)


@get(COSTS)
async def costs_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The report that the address asks for."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    question, language = asked_of(request, visit), language_of(request)
    report, table = await _report(visit, question, language)
    own = departments_read(visit.person)
    return page(
        request,
        "reports/costs.html",
        tabs=tabs(request, visit.person, COSTS, question.query(by=None)),
        question=question,
        presets=presets(question, visit, language),
        address=COSTS,
        download=f"{COSTS}/costs.xlsx?{question.query()}",
        entries=f"{BEHIND}?{question.query()}",
        whole=report.whole,
        shown=SHOWN,
        cards=[
            (language.say(label), report.whole[bearer], f"{BEHIND}?{question.query(bearer=bearer.value)}", colour)
            for bearer, label, colour in SHOWN
        ],
        table=table,
        others=await other_currencies(visit.session, question.months),
        plot=plot_of(
            table,
            "columns" if question.by is By.MONTH else "bars",
            language,
            rest=lambda left: language.say(N_("其余 %(left)s 项"), left=left),
        ),
        bys=[(one.value, language.say(one.label)) for one in By],
        choices=await choices_of(visit, question, language),
        own=[language.say(one.label) for one in sorted(own)] if own is not None else [],
    )


@get(f"{COSTS}/costs.xlsx")
async def costs_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """The same as a spreadsheet."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    question, language = asked_of(request, visit), language_of(request)
    _, table = await _report(visit, question, language)
    title = language.say(N_("售后费用报表"))
    heads, rows = table.for_sheet()
    content = write_report(title, await facts_of(visit, question, language), heads, rows)
    return send_sheet(content, f"{title} {question.period}.xlsx")


async def _report(visit: Visit, question: Question, language: Language) -> tuple[Report, Table]:
    report = await costs_by(visit.session, question.months, question.narrowed, by=question.by, person=visit.person)
    names = await names_by(visit, question.by, [line.key for line in report.lines], language)
    # A report by bearer, or of one, has one amount a line.
    divided = question.by is not By.BEARER and question.narrowed.bearer is None
    columns: list[tuple[Bearer | None, Head]] = [
        (None, Head(language.say(N_("费用合计")), "" if divided else "one")),
        *((bearer, Head(language.say(label), colour)) for bearer, label, colour in SHOWN if divided),
    ]

    def row(name: str, borne: Any, **of_line: object) -> Row:
        def cell(bearer: Bearer | None) -> Cell:
            narrower = {**of_line, **({"bearer": bearer.value} if bearer else {})}
            fen = borne.total if bearer is None else borne[bearer]
            return Cell(fen, f"{BEHIND}?{question.query(**narrower)}")

        return Row(name, [cell(bearer) for bearer, _ in columns])

    rows = [row(names.get(line.key, "—"), line.borne, **question.key(line.key)) for line in report.lines]
    total = row(language.say(N_("合计")), report.whole) if report.lines else None
    return report, Table(language.say(question.by.label), [head for _, head in columns], rows, total)
