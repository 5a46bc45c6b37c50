"""The time limits: the table of figures, and one figure with its preview."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.administration.setting_tabs import preview_values, setting_tabs, start_in, wants_preview
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.prefilled import starting_with
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import Typed
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.tickets.clocks.figures import DEFAULTS, ChannelClass, FigureKey
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.setting_calendars import calendar_lines
from anshou.tickets.clocks.setting_figures import FigureGiven, figure_lines, preview_figure, reset_figure, save_figure
from anshou.tickets.kinds import Clock, Urgency
from tenants.refusals import N_, Invalid, NotFound, Refusal

OF_THE_ADDRESS = ("clock", "urgency", "channels")


class NoSuchFigure(NotFound):
    """Raised when an address names a figure that there is not."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个时限"))


@get("/settings/limits")
async def limits_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Every clock with its figure at each urgency."""
    authorize(visit.person, Permission.READ_SETTINGS)
    rulebook = await read_rulebook(visit.session)
    rows: dict[tuple[Clock, ChannelClass], dict[Urgency, Any]] = {}
    for line in figure_lines(rulebook):
        rows.setdefault((line.key.clock, line.key.channels), {})[line.key.urgency] = line
    return page(
        request,
        "administration/limits.html",
        tabs=setting_tabs(language_of(request), "/settings/limits"),
        rows=rows,
        urgencies=list(Urgency),
        calendars=_calendars(rulebook, request),
        may_change=allows(visit.person, Permission.MANAGE_LIMITS),
    )


@get("/settings/limits/{clock:str}/{urgency:str}/{channels:str}")
async def limit_page(
    clock: FromPath[str],
    urgency: FromPath[str],
    channels: FromPath[str],
    request: Asked,
    visit: NamedDependency[Visit],
) -> Response[str]:
    """A figure as it is."""
    authorize(visit.person, Permission.MANAGE_LIMITS)
    key = _key(clock, urgency, channels)
    figure = (await read_rulebook(visit.session)).figure(key)
    zone = (await read_settings(visit.session)).zone
    kept: dict[str, object] = {"start": visit.at}
    if figure is not None:
        kept |= {"value": figure.limit.value, "unit": figure.limit.unit, "calendar": figure.calendar}
    return await _form(request, visit, key, starting_with(kept, zone=zone))


@post("/settings/limits/{clock:str}/{urgency:str}/{channels:str}", status_code=303)
async def submit_limit(
    clock: FromPath[str],
    urgency: FromPath[str],
    channels: FromPath[str],
    request: Asked,
    visit: NamedDependency[Visit],
) -> Response[str]:
    """Show what it would do, or save it."""
    authorize(visit.person, Permission.MANAGE_LIMITS)
    key = _key(clock, urgency, channels)
    typed = await typed_by(request)
    reading = read(FigureGiven, typed, given=dict(zip(OF_THE_ADDRESS, key, strict=True)))
    if reading.value is None:
        return await _form(request, visit, key, typed, reading.refusal)
    language = language_of(request)
    try:
        if wants_preview(typed):
            zone = (await read_settings(visit.session)).zone
            start = start_in(typed, zone)
            found = await preview_figure(visit.session, reading.value, start=start, by=visit.person)
            return await _form(request, visit, key, typed, preview=preview_values(found, language, zone))
        async with visit.session.begin_nested():
            await save_figure(visit.session, reading.value, by=visit.person, at=visit.at)
    except Invalid as refusal:
        return await _form(request, visit, key, typed, refusal)
    said = language.say(N_("时限已保存，正在计时的工单已按新时限重新计算。"))
    return go_to(request, "/settings/limits", Notice(said))


@post("/settings/limits/{clock:str}/{urgency:str}/{channels:str}/reset", status_code=303)
async def reset_limit(
    clock: FromPath[str],
    urgency: FromPath[str],
    channels: FromPath[str],
    request: Asked,
    visit: NamedDependency[Visit],
) -> Response[str]:
    """Return it to its default."""
    await reset_figure(visit.session, _key(clock, urgency, channels), by=visit.person, at=visit.at)
    return go_to(request, "/settings/limits", Notice(language_of(request).say(N_("已恢复默认时限。"))))


def _key(clock: str, urgency: str, channels: str) -> FigureKey:
    try:
        key = FigureKey(Clock(clock), Urgency(urgency), ChannelClass(channels))
    except ValueError:
        raise NoSuchFigure from None
    if key not in DEFAULTS:
        raise NoSuchFigure
    return key


def _calendars(rulebook: Rulebook, request: Asked) -> dict[str, str]:
    return {one.code: language_of(request).say(one.label) for one in calendar_lines(rulebook) if not one.department}


async def _form(
    request: Asked,
    visit: Visit,
    key: FigureKey,
    typed: Typed,
    wrong: Refusal | None = None,
    preview: Mapping[str, Any] | None = None,
) -> Response[str]:
    rulebook = await read_rulebook(visit.session)
    choices = Choices(by_name={"calendar": list(_calendars(rulebook, request).items())})
    shown = form_values(request, FigureGiven, typed, wrong=wrong, choices=choices)
    shown["fields"] = [field for field in shown["fields"] if field.name not in OF_THE_ADDRESS]
    return page(
        request,
        "administration/limit.html",
        status_code=status_of(wrong) if wrong else 200,
        key=key,
        is_default=key not in rulebook.figures,
        start=typed.one("start"),
        preview=preview,
        **shown,
    )
