"""The cells of a queue's rows as markup, column by column.

Fifty rows of ten cells are most of the page. In a template each name, attribute and filter of a cell is looked up for
each row; a function does it in a third of the time and can be written for one column (decision record 0104). Whatever
somebody wrote goes through `escaped`; everything else is our own words, numbers and ids.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup

from anshou.language import Language
from anshou.portal import formats
from anshou.portal.agency.queue_columns import Column
from anshou.portal.template_code import escaped
from anshou.portal.ticket_views import deadlines
from anshou.tickets.kinds import Status, Urgency
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queues import Line
from tenants.refusals import N_

STATUS_TONES = {
    Status.PENDING: "red",
    Status.IN_PROGRESS: "blue",
    Status.AWAITING_CUSTOMER: "amber",
    Status.DONE: "green",
    Status.CLOSED: "",
}

_NOTHING = "—"
_MUTE = '<span class="soft">—</span>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the rows of a page share. `icon` draws an icon of the page, names are by id."""

    language: Language
    icon: Callable[[str], str]
    now: datetime
    zone: ZoneInfo
    clocks: Mapping[UUID, Any]
    merchants: Mapping[UUID, str]
    people: Mapping[UUID, str]
    shops: Mapping[UUID, str]
    may_open: bool
    may_choose: bool


Cell = Callable[[Line, Around], str]


def rows(lines: Iterable[Line], columns: Iterable[Column], around: Around, *, chosen: bool = False) -> list[Markup]:
    """Each line as a row of these columns.

    On a phone some of the usual columns are left out; those that somebody has `chosen` are shown behind their labels.
    """
    cells = [(_opening(column, around.language, chosen), CELLS[column.name]) for column in columns]
    made = []
    for line in lines:
        parts = ["<tr>", _chooser(line, around) if around.may_choose else ""]
        for opening, cell in cells:
            parts += (opening, cell(line, around), "</td>")
        parts.append("</tr>")
        made.append(Markup("".join(parts)))  # noqa: S704  See the module's head.
    return made


def _opening(column: Column, language: Language, chosen: bool) -> str:
    # The title makes its own cell; `queue.js` says the whole of one that is cut on hovering.
    if column.name == "title":
        return ""
    looks = column.look.split()
    if chosen and "off" in looks:
        look = " ".join(look for look in looks if look not in ("off", "spare"))
        return f'<td class="{look}" data-label="{_said(language, column.label)}">'
    return f'<td class="{column.look}">' if column.look else "<td>"


@lru_cache(1000)
def _said(language: Language, message: str) -> str:
    return escaped(language.say(message))


def _chooser(line: Line, around: Around) -> str:
    label = escaped(around.language.say(N_("选择 %(number)s"), number=line.number))
    return (
        '<td class="off"><input type="checkbox" class="form-check-input" name="number" '
        f'value="{escaped(line.number)}" aria-label="{label}"></td>'
    )


def _number(line: Line, around: Around) -> str:
    number = escaped(line.number)
    return (
        f'<a class="number" href="/tickets/{number}">{number}</a>'
        if around.may_open
        else f'<span class="number">{number}</span>'
    )


def _title(line: Line, around: Around) -> str:
    language, badges = around.language, ""
    if line.urgency is Urgency.URGENT:
        badges = f'<span class="badge red">{_said(language, line.urgency.label)}</span> '
    if line.level:
        level = _said(language, line.level.label)
        badges += f'<span class="badge violet" title="{level}">{_said(language, N_("已升级"))}</span> '
    if line.round > 1:
        badges += f'<span class="badge">{escaped(language.say(N_("第 %(round)s 轮"), round=line.round))}</span> '
    title = escaped(line.title)
    return f'<td class="wide whole">{badges}{title}'


def _status(line: Line, around: Around) -> str:
    words = N_("已挂起") if line.on_hold else line.status.label
    return f'<span class="state {STATUS_TONES[line.status]}">{_said(around.language, words)}</span>'


def _owner(line: Line, around: Around) -> str:
    if line.owner_id is not None and (name := around.people.get(line.owner_id)):
        return escaped(name)
    return _said(around.language, line.department.label if line.department else N_("未分派"))


def _due(line: Line, around: Around) -> str:
    due = deadlines.of_line(
        line, around.clocks.get(line.id), now=around.now, zone=around.zone, language=around.language
    )
    if due:
        text = f"{around.icon(due.icon)} {escaped(due.text)}"
        return f'<span class="badge {due.tone}" title="{escaped(due.title)}">{text}</span>'
    if line.closed_at:
        ended = _said(around.language, line.outcome.label) if line.outcome else _NOTHING
        return f'<span class="soft">{ended}</span>'
    if line.awaiting_since:
        return f'<span class="badge">{around.icon("clock-pause")} {_said(around.language, N_("等待商家"))}</span>'
    return _MUTE


def _labelled(name: str) -> Cell:
    def cell(line: Line, around: Around) -> str:
        member = getattr(line, name)
        return _NOTHING if member is None else _said(around.language, member.label)

    return cell


def _instant(name: str) -> Cell:
    def cell(line: Line, around: Around) -> str:
        at = getattr(line, name)
        if at is None:
            return _NOTHING
        return formats.instant(at, now=around.now, zone=around.zone, language=around.language, briefly=True)

    return cell


def _merchant(line: Line, around: Around) -> str:
    return escaped(around.merchants.get(line.merchant_id, _NOTHING))


def _shop(line: Line, around: Around) -> str:
    return _NOTHING if line.shop_id is None else escaped(around.shops.get(line.shop_id, _NOTHING))


def _step(line: Line, around: Around) -> str:
    return _said(around.language, PROCESSES[line.kind].step(line.step).label)


CELLS: dict[str, Cell] = {
    "number": _number,
    "title": _title,
    "merchant": _merchant,
    "shop": _shop,
    "kind": _labelled("kind"),
    "category": _labelled("category"),
    "channel": _labelled("channel"),
    "step": _step,
    "status": _status,
    "urgency": _labelled("urgency"),
    "severity": _labelled("severity"),
    "level": _labelled("level"),
    "owner": _owner,
    "department": _labelled("department"),
    "due": _due,
    "promised": _instant("promised_at"),
    "since": _instant("step_since"),
    "round": lambda line, _: str(line.round),
    "outcome": _labelled("outcome"),
    "opened": _instant("opened_at"),
    "closed": _instant("closed_at"),
    "updated": _instant("last_entry_at"),
}
