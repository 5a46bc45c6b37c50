"""What poor service costs the agency, for who directs it: at a glance, lately, where most of it arises, and budgets."""

from collections.abc import Sequence

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.finance.budgets import budgets_at
from anshou.finance.reporting.asking import NOTHING, Bearer, By
from anshou.finance.reporting.entries import other_currencies
from anshou.finance.reporting.recovery import Recovered
from anshou.finance.reporting.standing import Overview, Standing, most_costly, overview_at
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.budgets.views import line_of, standing_label
from anshou.portal.pages import language_of, page
from anshou.portal.reports.asked import Question, asked_of, presets
from anshou.portal.reports.names import names_by
from anshou.portal.reports.places import BEHIND, COSTS, RECOVERY, REPORTS
from anshou.portal.reports.recovery import ended_table
from anshou.portal.reports.tables import Cell, Head, Row, Table, plot_of, ratio
from billing.ledger.posting import BOOKS_ZONE
from tenants.refusals import N_

# By what the agency's share is looked at: where it arises.
ARISES = (By.MERCHANT, By.DEPARTMENT, By.TOPIC, By.CAUSE)

# As many budgets as are seen at a glance; the others are a page away.
BUDGETS_SHOWN = 6


@get(REPORTS)
async def overview_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """This month, quarter and year; the last months; where the agency's share arose in the period that is asked for."""
    authorize_at_desk(visit.person, Permission.READ_REPORTS)
    question, language = asked_of(request, visit), language_of(request)
    today = visit.at.astimezone(BOOKS_ZONE).date()
    found = await overview_at(visit.session, today.replace(day=1), person=visit.person)
    lately = await _lately(visit, found, language)
    merchants = await merchant_names(visit.session)
    budgets = [
        line_of(one, merchants, language)
        for one in await budgets_at(visit.session, today, by=visit.person, today=today)
        if one.standing is not None
    ]
    budgets.sort(key=lambda line: -line.percent)
    return page(
        request,
        "reports/overview.html",
        question=question,
        presets=presets(question, visit, language),
        address=REPORTS,
        glance=_glance(found, language),
        lately=lately,
        others=await other_currencies(visit.session, found.year.months),
        lately_period=f"{found.lately[0][0]:%Y-%m} — {found.lately[-1][0]:%Y-%m}",
        plot=plot_of(lately, "columns", language, rest=str),
        recovery=f"{RECOVERY}?from={found.lately[0][0]:%Y-%m}&until={found.lately[-1][0]:%Y-%m}",
        arises=[await _arises(visit, question, by, language) for by in ARISES],
        budgets=budgets[:BUDGETS_SHOWN],
        more_budgets=len(budgets) > BUDGETS_SHOWN,
        standing_label=standing_label,
    )


def _glance(found: Overview, language: Language) -> Table:
    say = language.say
    periods = (found.month, found.quarter, found.year)

    def entries(one: Standing, **kept: str) -> str:
        return f"{BEHIND}?{Question(one.months, NOTHING, By.MERCHANT).query(**kept)}"

    def row(label: str, of: Sequence[int], **kept: str) -> Row:
        return Row(say(label), [Cell(fen, entries(one, **kept)) for one, fen in zip(periods, of, strict=True)])

    costs = [one.costs for one in periods]
    rows = [
        row(N_("售后费用合计"), [one.total for one in costs]),
        row(N_("代运营方承担"), [one.agency for one in costs], bearer="agency"),
        row(N_("其中追偿不成"), [one.fallen_back for one in costs], bearer="agency", sort="fallen_back"),
        row(N_("商家承担"), [one.merchant for one in costs], bearer="merchant"),
        row(N_("外部已收回"), [one.received for one in costs], bearer="outside", sort="settled"),
        row(N_("外部未收回"), [one.outside for one in costs], bearer="outside", sort="moved"),
        row(N_("待判定"), [one.pending for one in costs], bearer="pending"),
    ]
    if any(one.income for one in periods):
        share = [Cell(None, text=ratio(one.costs.agency, one.income) or "—") for one in periods]
        rows += [
            Row(say(N_("服务费收入")), [Cell(one.income) for one in periods]),
            Row(say(N_("代运营方承担占收入")), share),
        ]
    return Table(say(N_("项目")), [Head(say(label)) for label in (N_("本月"), N_("本季度"), N_("今年"))], rows)


async def _lately(visit: Visit, found: Overview, language: Language) -> Table:
    months = [month for month, _ in found.lately]
    names = await names_by(visit, By.MONTH, months, language)
    return ended_table(Question(found.year.months, NOTHING, By.MONTH), found.lately, Recovered(), names, language)


async def _arises(visit: Visit, question: Question, by: By, language: Language) -> tuple[Table, str]:
    """Of what the agency bears most, by this; and the address of the whole report."""
    lines = await most_costly(visit.session, question.months, by=by, person=visit.person)
    names = await names_by(visit, by, [line.key for line in lines], language)
    asked = Question(question.months, NOTHING, by)

    def row(name: str, agency: int, total: int, **of_line: object) -> Row:
        entries = f"{BEHIND}?{asked.query(**of_line, bearer=Bearer.AGENCY)}"
        whole = f"{BEHIND}?{asked.query(**of_line)}"
        return Row(name, [Cell(agency, entries), Cell(total, whole)])

    rows = [
        row(names.get(line.key, "—"), line.borne[Bearer.AGENCY], line.borne.total, **asked.key(line.key))
        for line in lines
    ]
    heads = [Head(language.say(N_("代运营方承担"))), Head(language.say(N_("费用合计")))]
    return Table(language.say(by.label), heads, rows), f"{COSTS}?{asked.query()}"
