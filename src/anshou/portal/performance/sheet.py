"""The dashboard as a spreadsheet: the same values, as numbers. Times are minutes."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.downloads import send_sheet
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.permissions import Permission
from anshou.performance.dashboard import dashboard
from anshou.performance.sheet import Page, Value, write
from anshou.performance.sight import Sight, sight_of
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of
from anshou.portal.performance.asked import asked_of, said
from anshou.portal.performance.dashboard import shown
from anshou.portal.performance.names import narrowed_to
from anshou.portal.performance.places import BEHIND, SHEET
from anshou.portal.performance.tables import Table, cells_of, heads_of
from tenants.refusals import N_


@get(SHEET)
async def measures_sheet(request: Asked, visit: NamedDependency[Visit]) -> Response[bytes]:
    """What the page of this address shows."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    return await sheet(request, visit, await sight_of(visit.session, visit.person), BEHIND)


async def sheet(request: Asked, visit: Visit, sight: Sight, behind: str) -> Response[bytes]:
    """The file, for either desk."""
    language = language_of(request)
    question = await asked_of(request.query_params, visit, sight)
    found = await dashboard(visit.session, sight, question.period, question.narrowed, by=question.by)
    view = await shown(visit, question, sight, found, language, behind)
    facts = [
        (language.say(N_("期间")), question.said),
        *await narrowed_to(visit, question, language),
        (language.say(N_("时间单位")), language.say(N_("分钟"))),
    ]
    whole = [
        (said(one), cells_of(counts, sight, language, _nowhere, spreads=True))
        for one, counts in ((question.period, found.period), (question.period.before, found.before))
    ]
    first = Page(
        language.say(N_("服务指标")),
        facts,
        [language.say(N_("期间")), *heads_of(sight, language, spreads=True)],
        [(name, _values(cells)) for name, cells in whole],
    )
    tables = [("times", N_("响应与处理时间")), ("steps", N_("逐期数据")), ("lines", N_("分组数据"))]
    if not sight.is_merchant:
        tables.append(("clocks", N_("各项时限")))
    pages = [first, *(_page(language.say(title), facts, view[name]) for name, title in tables)]
    return send_sheet(write([*pages, _words(view["definitions"], language)]), f"{first.title} {question.said}.xlsx")


def _page(title: str, facts: Sequence[tuple[str, str]], table: Table) -> Page:
    rows = [*table.rows, *([table.total] if table.total else [])]
    return Page(title, facts, [table.first, *table.heads], [(row.name, _values(row.cells)) for row in rows])


def _words(definitions: Sequence[tuple[str, str, str]], language: Language) -> Page:
    heads = [language.say(head) for head in (N_("指标"), N_("口径"), N_("归入期间的日期"))]
    return Page(language.say(N_("统计口径")), [], heads, [(name, [text, dated]) for name, text, dated in definitions])


def _values(cells: Sequence[Any]) -> list[Value | str]:
    return [(cell.number, cell.form) for cell in cells]


def _nowhere(*_: object, **__: object) -> str:
    return ""
