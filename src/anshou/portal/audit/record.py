"""The auditor's list: who did what, when, to what; narrowed by action, person, merchant, ticket and day."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.di import NamedDependency

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.cards import colleagues, names_of
from anshou.people.permissions import Permission, authorize
from anshou.portal.audit.words import line_of
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import day_begins, identifier
from anshou.privacy.auditing import browse, find_ticket, standing
from confidentiality.audit.actions import all_actions
from confidentiality.audit.reading import LeafFilter
from tenants.base import new_id
from tenants.refusals import N_

PAGE = 50

# How long leaves may wait for their place before the page says so.
LATE = timedelta(seconds=10)


@get("/audit")
async def record_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of leaves, newest first, and how far the record is sealed."""
    authorize(visit.person, Permission.READ_AUDIT)
    asked, language = request.query_params, language_of(request)
    zone = (await read_settings(visit.session)).zone
    wanted = await _filter(visit, asked, zone)
    before = identifier(asked.get("before"))
    found = await browse(visit.session, wanted, by=visit.person, before=before, limit=PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    merchants = await merchant_names(visit.session)
    names = await names_of(visit.session, {leaf.actor_id for leaf, _ in shown})
    people = [(str(one.id), one.name) for one in await colleagues(visit.session)]
    sealed = await standing(visit.session, by=visit.person)
    return page(
        request,
        "audit/record.html",
        lines=[line_of(leaf, body, merchants, names, language) for leaf, body in shown],
        offered=_offered(language, merchants, people),
        kept={name: value for name, value in asked.items() if name != "before"},
        is_filtered=wanted != LeafFilter(),
        first=_address(asked, before="") if before else "",
        following=_address(asked, before=str(shown[-1][0].id)) if more else "",
        sealed=sealed,
        late=sealed.oldest is not None and visit.at - sealed.oldest > LATE,
        zone=zone,
    )


async def _filter(visit: Visit, asked: Mapping[str, str], zone: ZoneInfo) -> LeafFilter:
    """What narrows the list; a value that means nothing narrows nothing, but an unknown ticket has no leaves."""
    until = day_begins(asked.get("until"), zone)
    number = asked.get("ticket", "").strip().upper()[:40]
    return LeafFilter(
        action=asked.get("action") or None,
        actor=identifier(asked.get("actor")),
        merchant=identifier(asked.get("merchant")),
        ticket=(await find_ticket(visit.session, number) or new_id()) if number else None,
        since=day_begins(asked.get("since"), zone),
        until=until + timedelta(days=1) if until else None,
    )


def _offered(
    language: Language, merchants: Mapping[UUID, str], people: list[tuple[str, str]]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    by_name = sorted(((str(ident), name) for ident, name in merchants.items()), key=lambda pair: pair[1])
    actions = [(one.code, language.say(one.label)) for one in all_actions()]
    return [
        ("action", language.say(N_("动作")), actions),
        ("actor", language.say(N_("人员")), people),
        ("merchant", language.say(N_("商家")), by_name),
    ]


def _address(asked: Mapping[str, str], *, before: str) -> str:
    kept = {name: value for name, value in asked.items() if value and name != "before"}
    return "/audit?" + urlencode(kept | ({"before": before} if before else {}))
