"""The agency's list of who saw what, for those who watch; merchants have their own at their desk."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
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
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.merchant.places import NotAMerchant
from anshou.portal.pages import language_of, page
from anshou.portal.query_values import day_begins, identifier
from anshou.portal.reveals.lines import line_of, place_text, read_place
from anshou.privacy.objections import count_unanswered
from anshou.privacy.purposes import purpose_labels
from anshou.privacy.reveals import ViewerSide
from anshou.privacy.seen import SeenFilters, list_seen, recent_limit_alarms
from tenants.refusals import N_

PAGE = 50

ALARMS_SHOWN_FOR = timedelta(days=7)


@get("/reveals")
async def reveals_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A page of reveals, newest first."""
    authorize(visit.person, Permission.READ_REVEALS)
    if visit.person.is_merchant:
        # Theirs is at /my/data.
        raise NotAMerchant
    asked, language = request.query_params, language_of(request)
    zone = (await read_settings(visit.session)).zone
    filters = _filters(asked, zone)
    after = read_place(asked["after"]) if "after" in asked else None
    found = await list_seen(visit.session, visit.person, filters, after=after, limit=PAGE)
    purposes = await purpose_labels(visit.session)
    merchants = await merchant_names(visit.session)
    people = [(str(one.id), one.name) for one in await colleagues(visit.session)]
    alarms = await recent_limit_alarms(visit.session, by=visit.person, since=visit.at - ALARMS_SHOWN_FOR)
    return page(
        request,
        "reveals/list.html",
        tabs=_tabs(asked, language, await count_unanswered(visit.session, by=visit.person)),
        lines=[line_of(seen, purposes, language, now=visit.at) for seen in found.lines],
        merchants=merchants,
        alarms=alarms if not after else [],
        names=await names_of(visit.session, {alarm.account_id for alarm in alarms}),
        offered=_offered(language, merchants, people, purposes),
        kept={name: value for name, value in asked.items() if name != "after"},
        may_open=allows(visit.person, Permission.READ_TICKETS),
        is_filtered=filters != SeenFilters(objected=filters.objected, unanswered=filters.unanswered),
        first=_address(asked, after="") if after else "",
        following=_address(asked, after=place_text(found.after)) if found.after else "",
        zone=zone,
    )


def _filters(asked: Mapping[str, str], zone: ZoneInfo) -> SeenFilters:
    """What narrows the list; a value that means nothing narrows nothing. Both days are included."""
    until = day_begins(asked.get("until"), zone)
    return SeenFilters(
        viewer=identifier(asked.get("viewer")),
        merchant=identifier(asked.get("merchant")),
        ticket=asked.get("ticket", "").strip().upper()[:40],
        purpose=asked.get("purpose") or None,
        side=ViewerSide(asked["side"]) if asked.get("side") in set(ViewerSide) else None,
        since=day_begins(asked.get("since"), zone),
        until=until + timedelta(days=1) if until else None,
        objected=asked.get("tab") == "objected",
        unanswered=asked.get("tab") == "unanswered",
    )


def _tabs(asked: Mapping[str, str], language: Language, unanswered: int) -> list[dict[str, Any]]:
    tabs = (("", N_("全部查看")), ("objected", N_("有异议")), ("unanswered", N_("异议待答复")))
    return [
        {
            "label": language.say(label),
            "address": f"/reveals?tab={tab}" if tab else "/reveals",
            "current": asked.get("tab", "") == tab,
            "count": unanswered if tab == "unanswered" and unanswered else None,
            "hot": True,
        }
        for tab, label in tabs
    ]


def _offered(
    language: Language, merchants: Mapping[UUID, str], people: list[tuple[str, str]], purposes: Mapping[str, str]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    by_name = sorted(((str(ident), name) for ident, name in merchants.items()), key=lambda pair: pair[1])
    say = language.say
    return [
        ("viewer", say(N_("查看人")), people),
        ("merchant", say(N_("商家")), by_name),
        ("purpose", say(N_("查看目的")), [(code, say(label)) for code, label in purposes.items()]),
        ("side", say(N_("哪一方")), [(side.value, say(side.label)) for side in ViewerSide]),
    ]


def _address(asked: Mapping[str, str], *, after: str) -> str:
    kept = {name: value for name, value in asked.items() if value and name != "after"}
    return "/reveals?" + urlencode(kept | ({"after": after} if after else {}))
