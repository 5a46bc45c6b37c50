"""The dashboard of measures, the agency's: figures, their course, what they are laid out by, and their definitions."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.performance.asking import By
from anshou.performance.dashboard import Dashboard, dashboard
from anshou.performance.figures import Figure
from anshou.performance.sight import Sight, sight_of
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.performance import said
from anshou.portal.performance.asked import Question, asked_of, presets
from anshou.portal.performance.asked import said as said_period
from anshou.portal.performance.names import choices_of, names_by
from anshou.portal.performance.places import BEHIND, MEASURES, SHEET
from anshou.portal.performance.tables import (
    DRAWN,
    Opens,
    Row,
    Table,
    cells_of,
    clocks_table,
    counted,
    heads_of,
    plot,
    rated,
    rates_for,
    times_table,
)
from anshou.portal.performance.words import TIMES, VOLUMES
from anshou.tickets.courses.counting_all import is_counted
from tenants.refusals import N_

# The rates that are drawn as lines, and in which colour.
DRAWN_RATES = {"resolution": "agency", "satisfaction": "outside", "attainment": "merchant"}


@get(MEASURES)
async def measures_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The period that the address asks for beside the one before."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    sight, language = await sight_of(visit.session, visit.person), language_of(request)
    question = await asked_of(request.query_params, visit, sight)
    found = await dashboard(visit.session, sight, question.period, question.narrowed, by=question.by)
    return page(
        request,
        "performance/dashboard.html",
        address=MEASURES,
        download=f"{SHEET}?{question.query()}",
        bys=[(by.value, language.say(by.label)) for by in sight.dimensions],
        **await shown(visit, question, sight, found, language, BEHIND),
    )


async def shown(
    visit: Visit, question: Question, sight: Sight, found: Dashboard, language: Language, behind: str
) -> dict[str, Any]:
    """What both desks show of a dashboard; `behind` is the page that a figure leads to."""
    opens = opening(behind, question)
    before = question.of(question.period.before)
    days = (await read_settings(visit.session)).repeat_days
    return {
        "question": question,
        "is_merchant": sight.is_merchant,
        "before": said_period(before.period),
        "presets": presets(question, visit, language),
        "choices": await choices_of(visit, question, sight, language),
        "is_counting": not await is_counted(visit.session),
        "is_empty": not any((found.period[Figure.OPENED], found.period[Figure.CLOSED], found.period[Figure.DECIDED])),
        "tiles": tiles(found, sight, language, opens),
        "times": times_table(found.period, found.before, language, opens),
        "clocks": clocks_table(found.period, found.before, language, opens),
        "steps": steps_table(found, question, sight, language, behind),
        "lines": await lines_table(visit, found, question, sight, language, behind),
        "plots": plots(found, question, sight, language),
        "definitions": definitions(sight, language, days),
    }


def opening(behind: str, question: Question) -> Opens:
    """The address of what is behind a figure of the question."""
    return _leading(behind, question.query(by=None))


def tiles(found: Dashboard, sight: Sight, language: Language, opens: Opens) -> list[dict[str, Any]]:
    """The figures over everything else."""
    now, before = found.period, found.before
    shown: list[dict[str, Any]] = [
        {
            "label": language.say(label),
            "cell": counted(now[figure], opens(figure)),
            "before": f"{before[figure]:,}",
            "change": f"{now[figure] - before[figure]:+,}" if now[figure] != before[figure] else "±0",
        }
        for figure, label, _ in VOLUMES
    ]
    for measure in rates_for(sight):
        cell = rated(measure, now, opens(measure.part))
        more = said.change(measure.value(now), measure.value(before), measure.form, language)
        shown.append(
            {
                "label": language.say(measure.label),
                "cell": cell,
                "part": cell.title.partition(" / ")[0],
                "whole": counted(now[measure.whole], opens(measure.whole)),
                "before": said.value(measure.value(before), measure.form),
                "change": more,
                "tone": _tone(more, better=measure.better),
            }
        )
    return shown


def _tone(more: str, *, better: bool) -> str:
    if not more or more[0] == "±":
        return ""
    return "good" if (more[0] == "+") == better else "bad"


def steps_table(found: Dashboard, question: Question, sight: Sight, language: Language, behind: str) -> Table:
    """The period day by day or month by month."""
    by_day = question.period.steps is By.DAY
    rows = []
    for on, counts in found.steps:
        step = question.of(question.period.step(on))
        name = f"{on:%m-%d}" if by_day else f"{on:%Y-%m}"
        rows.append(Row(name, cells_of(counts, sight, language, opening(behind, step), spreads=False)))
    first = language.say(question.period.steps.label)
    return Table(first, heads_of(sight, language, spreads=False), rows)


async def lines_table(
    visit: Visit, found: Dashboard, question: Question, sight: Sight, language: Language, behind: str
) -> Table:
    """The period by what was asked for, and all of it in the last line."""
    by = question.by
    names = await names_by(visit, by, [key for key, _ in found.lines], language)
    rows = []
    for key, counts in found.lines:
        # A person may see themselves in a line, but not who has no owner.
        opens = _narrower(behind, question, key)
        address = f"{behind.rsplit('/', 1)[0]}?{question.query(**question.line(key))}"
        rows.append(Row(names.get(key, "—"), cells_of(counts, sight, language, opens, spreads=True), address))
    total = None
    if rows and by is not By.PERSON:
        cells = cells_of(found.period, sight, language, opening(behind, question), spreads=True)
        total = Row(language.say(N_("合计")), cells)
    return Table(language.say(by.label), heads_of(sight, language, spreads=True), rows, total)


def _narrower(behind: str, question: Question, key: Any) -> Opens:
    return _leading(behind, question.query(**{"by": None, **question.line(key)}))


def _leading(behind: str, asked: str) -> Opens:
    """What is behind a figure of this query, written once for all of a line's figures; `others` are codes."""

    def address(figure: Figure, **others: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in others.items())
        return f"{behind}?{asked}&figure={figure.value}{more}"

    return address


def plots(found: Dashboard, question: Question, sight: Sight, language: Language) -> dict[str, str]:
    """What is drawn: volumes and rates step by step."""
    by_day = question.period.steps is By.DAY
    names = [f"{on:%m-%d}" if by_day else f"{on:%Y-%m}" for on, _ in found.steps]
    volumes = [
        (language.say(label), colour, [counted(counts[figure]) for _, counts in found.steps])
        for (figure, label, _), colour in zip(VOLUMES[:2], ("merchant", "agency"), strict=True)
    ]
    rates = [
        (language.say(measure.label), DRAWN_RATES[measure.code], [rated(measure, counts) for _, counts in found.steps])
        for measure in rates_for(sight)
        if measure.code in DRAWN_RATES
    ]
    breached = sorted(found.period.breached.items(), key=lambda one: -one[1])[:DRAWN]
    late = [counted(number) for _, number in breached]
    kept = [counted(found.period.kept.get(clock, 0)) for clock, _ in breached]
    clocks = [(language.say(N_("按时")), "received", kept), (language.say(N_("超时")), "merchant", late)]
    return {
        "volumes": plot("columns", names, volumes),
        "rates": plot("lines", names, rates),
        "clocks": plot("bars", [language.say(clock.label) for clock, _ in breached], clocks),
    }


def definitions(sight: Sight, language: Language, repeat_days: int) -> list[tuple[str, str, str]]:
    """Name, definition, and which date decides the period."""
    said_volumes = [(label, definition, "") for _, label, definition in VOLUMES]
    said_rates = [(one.label, one.definition, one.dated) for one in rates_for(sight)]
    said_times = [(one.label, one.definition, one.dated) for one in TIMES]
    return [
        (language.say(label), language.say(text, days=repeat_days), language.say(dated) if dated else "—")
        for label, text, dated in (*said_volumes, *said_rates, *said_times)
    ]
