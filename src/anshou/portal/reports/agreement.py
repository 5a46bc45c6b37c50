"""Whether reports and books agree, account by account."""

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.reporting.agreement import agreement
from anshou.finance.reporting.asking import NOTHING, By, Sort
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.reports.asked import Question, asked_of, presets
from anshou.portal.reports.places import AGREEMENT, BEHIND, tabs
from anshou.portal.reports.tables import Cell, Head, Row, Table
from tenants.refusals import N_


@get(AGREEMENT)
async def agreement_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What reports and the trial balance say of each account on which costs stand."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    asked, language = asked_of(request, visit), language_of(request)
    question = Question(asked.months, NOTHING, By.MERCHANT)
    accounts = await agreement(visit.session, question.months, person=visit.person)
    heads = [
        Head(language.say(N_("费用"))),
        Head(language.say(Sort.SETTLED.label)),
        Head(language.say(Sort.OPENING.label)),
        Head(language.say(N_("报表合计"))),
        Head(language.say(N_("科目余额表借贷净额"))),
        Head(language.say(N_("差额"))),
    ]
    rows = []
    for one in accounts:
        kept = {"bearer": one.bearer.value}
        cells = [
            Cell(one.by[Sort.BORNE] + one.by[Sort.FALLEN_BACK], f"{BEHIND}?{question.query(**kept)}"),
            *(
                Cell(one.by[sort], f"{BEHIND}?{question.query(**kept, sort=sort.value)}")
                for sort in (Sort.SETTLED, Sort.OPENING)
            ),
            Cell(sum(one.by.values())),
            Cell(one.moved),
            Cell(one.difference),
        ]
        rows.append(Row(f"{one.code} {one.name}", cells))
    sums = [sum(row.cells[place].fen or 0 for row in rows) for place in range(len(heads))]
    total = Row(language.say(N_("合计")), [Cell(fen) for fen in sums]) if rows else None
    return page(
        request,
        "reports/agreement.html",
        tabs=tabs(request, visit.person, AGREEMENT, question.query(by=None)),
        question=question,
        presets=presets(question, visit, language),
        address=AGREEMENT,
        table=Table(language.say(N_("科目")), heads, rows, total),
        agrees=all(not one.difference for one in accounts),
        choices=(),
        bys=(),
    )
