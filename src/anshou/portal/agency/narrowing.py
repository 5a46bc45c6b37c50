"""The panels beside a list: what it is narrowed by, and which columns it shows. Pages that open in the dialog."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shops_of
from anshou.people.cards import colleagues
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.agency.queue import asked_of
from anshou.portal.agency.queue_asked import QUEUE, QueueAsked
from anshou.portal.agency.queue_columns import MOST, offered
from anshou.portal.agency.queue_fields import FIELDS, GROUPS, NO, NOBODY, YES, Field
from anshou.portal.pages import fragment, language_of, page, wants_fragment
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queue_filters import knows_inside
from tenants.refusals import N_

Option = tuple[str, str]


@get("/tickets/narrow")
async def narrow_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everything that the list can be narrowed by."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked, language = await asked_of(request, visit), language_of(request)
    inside = knows_inside(visit.person)
    groups = []
    for group, label in GROUPS.items():
        fields = [field for field in FIELDS if field.group == group and (inside or not field.is_inside)]
        groups.append((label, [(field, await _options(visit, asked, field, language)) for field in fields]))
    names = [name for field in FIELDS for name in field.names]
    return panel(
        request,
        "agency/_narrow.html",
        N_("筛选工单"),
        asked=asked,
        groups=groups,
        kept=list(asked.kept(*names, "q")),
    )


@get("/tickets/columns")
async def columns_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Which columns in which order."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked = await asked_of(request, visit)
    columns = offered(knows_inside=knows_inside(visit.person))
    present = [column.name for column in asked.columns]
    return panel(
        request,
        "agency/_columns.html",
        N_("显示的列"),
        asked=asked,
        columns=columns,
        slots=[*present, *[""] * (min(MOST, len(columns)) - len(present))],
        kept=list(asked.kept("columns")),
        usual=asked.address(columns=""),
    )


def panel(request: Asked, part: str, heading: str, /, **values: Any) -> Response[str]:
    """A page of one panel, or the panel alone for the dialog."""
    if wants_fragment(request):
        return fragment(request, part, heading=heading, back=QUEUE, **values)
    return page(request, "agency/panel.html", part=part, heading=heading, back=QUEUE, **values)


async def _options(visit: Visit, asked: QueueAsked, field: Field, language: Language) -> list[Option]:
    match field.widget:
        case "choice":
            return [(one.value, language.say(one.label)) for one in field.labels or ()]
        case "yes_no":
            return [(YES, language.say(N_("是"))), (NO, language.say(N_("否")))]
        case "merchant":
            return _by_name(await merchant_names(visit.session))
        case "shop":
            # Shops are offered of one merchant: the agency has hundreds.
            merchant = asked.filters.merchant
            return (
                _by_name({shop.id: shop.name for shop in await shops_of(visit.session, merchant)}) if merchant else []
            )
        case "owner":
            people = [(str(one.id), one.name) for one in await colleagues(visit.session)]
            return [(NOBODY, language.say(N_("未分派"))), *people]
        case "step":
            return _steps(language)
        case _:
            return []


def _by_name(names: dict[UUID, str]) -> list[Option]:
    return [(str(ident), name) for ident, name in sorted(names.items(), key=lambda pair: pair[1])]


def _steps(language: Language) -> list[Option]:
    """Every step once, with the processes that have it."""
    said: dict[str, str] = {}
    for process in PROCESSES.values():
        for step in process.steps:
            said.setdefault(step.name, f"{language.say(step.label)}")
    return list(said.items())
