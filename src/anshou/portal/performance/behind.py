"""The tickets behind a figure, exactly those that it counts, and the way back to it."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.performance.behind import Counted, behind, how_many
from anshou.performance.figures import OF_CLOCKS, Figure
from anshou.performance.sight import Sight, sight_of
from anshou.portal import formats
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.pages import language_of, page
from anshou.portal.performance import said
from anshou.portal.performance.asked import Question, asked_of
from anshou.portal.performance.names import narrowed_to
from anshou.portal.performance.places import BEHIND, MEASURES
from anshou.portal.reports.asked import member
from anshou.tickets.kinds import Clock
from tenants.refusals import N_

PAGE = 100

# What only the agency knows is no figure of a merchant's.
MERCHANT_FIGURES = frozenset(Figure) - {*OF_CLOCKS, Figure.COSTED}

Say = Callable[[Counted], object]


@get(BEHIND)
async def behind_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of what the figure counts."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    sight = await sight_of(visit.session, visit.person)
    tickets = "/tickets" if allows(visit.person, Permission.READ_TICKETS) else ""
    found = await listed(request, visit, sight, BEHIND)
    return page(
        request,
        "performance/behind.html",
        frame="layout.html",
        report=f"{MEASURES}?{found['question'].query()}",
        tickets=tickets,
        **found,
    )


async def listed(request: Asked, visit: Visit, sight: Sight, address: str) -> dict[str, Any]:
    """What both desks show of the list that the address asks for."""
    given, language = request.query_params, language_of(request)
    question = await asked_of(given, visit, sight)
    figure, clock = _figure(given, sight), member(Clock, given.get("clock"))
    days = (await read_settings(visit.session)).repeat_days
    asked = (visit.session, sight, figure, question.period, question.narrowed)
    found = await behind(*asked, repeat_days=days, clock=clock, after=given.get("after", ""), limit=PAGE + 1)
    columns = columns_of(figure, question, language)
    here = f"{address}?{question.query(figure=figure.value, clock=clock)}"
    label = language.say(figure.label)
    return {
        "question": question,
        "figure": figure,
        "label": label if clock is None else f"{label} · {language.say(clock.label)}",
        "total": f"{await how_many(*asked, repeat_days=days, clock=clock):,}",
        "heads": [head for head, _ in columns],
        "rows": [(one, [say(one) for _, say in columns]) for one in found[:PAGE]],
        "merchants": await merchant_names(visit.session),
        "narrowed": await narrowed_to(visit, question, language),
        "is_merchant": sight.is_merchant,
        "first": here if given.get("after") else "",
        "following": f"{here}&after={found[PAGE - 1].place.replace('+', '%2B')}" if len(found) > PAGE else "",
    }


def columns_of(figure: Figure, question: Question, language: Language) -> list[tuple[str, Say]]:
    """What of each row the figure is about."""
    zone = question.period.zone

    def at(one: Counted) -> str:
        return "" if one.at is None else formats.minute(one.at, zone)

    def minutes(name: str) -> Say:
        return lambda one: said.minutes(getattr(one, name), language)

    offered: dict[str, tuple[str, Say]] = {
        "opened": (N_("新建时间"), lambda one: formats.minute(one.opened_at, zone)),
        "ended": (N_("结案时间"), at),
        "outcome": (N_("结果"), lambda one: language.say(one.outcome.label) if one.outcome else "—"),
        "handling_open": (N_("处理时长（服务时间）"), minutes("handling_open")),
        "handling_wall": (N_("处理时长（自然时间）"), minutes("handling_wall")),
        "response_open": (N_("首次响应（服务时间）"), minutes("response_open")),
        "response_wall": (N_("首次响应（自然时间）"), minutes("response_wall")),
        "responded": (N_("响应时间"), at),
        "rated": (N_("评价时间"), at),
        "score": (N_("评分"), lambda one: one.score),
        "rounds": (N_("不满意轮次"), lambda one: one.rounds),
        "restarted": (N_("重新打开时间"), at),
        "clock": (N_("时限"), lambda one: language.say(one.clock.label) if one.clock else ""),
        "due": (N_("到期时间"), lambda one: formats.minute(one.due_at, zone) if one.due_at else ""),
        "decided": (N_("完成或超时的时间"), at),
        "on": (N_("费用发生日期"), lambda one: formats.day(one.on) if one.on else ""),
        "fen": (N_("金额"), lambda one: formats.yuan(one.fen or 0)),
    }
    return [(language.say(head), say) for head, say in (offered[name] for name in _SHOWN.get(figure, _OF_ENDED))]


_OF_ENDED = ("opened", "ended", "outcome")
_SHOWN: Mapping[Figure, tuple[str, ...]] = {
    Figure.OPENED: ("opened",),
    Figure.BACKLOG: ("opened",),
    Figure.COMPLAINTS: ("opened",),
    Figure.REPEATED: ("opened",),
    Figure.REOPENED_AGAIN: ("opened", "restarted"),
    Figure.HANDLED: ("ended", "handling_open", "handling_wall"),
    Figure.RESPONDED: ("opened", "responded", "response_open", "response_wall"),
    Figure.RATED: ("rated", "score"),
    Figure.SATISFIED: ("rated", "score"),
    Figure.UNSATISFIED: ("ended", "outcome", "rounds"),
    Figure.DECIDED: ("clock", "due", "decided"),
    Figure.KEPT: ("clock", "due", "decided"),
    Figure.BREACHED: ("clock", "due"),
    Figure.COSTED: ("on", "fen"),
}


def _figure(given: Mapping[str, str], sight: Sight) -> Figure:
    figure = member(Figure, given.get("figure")) or Figure.OPENED
    return Figure.OPENED if sight.is_merchant and figure not in MERCHANT_FIGURES else figure
