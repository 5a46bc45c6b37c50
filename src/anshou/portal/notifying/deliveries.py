"""What left the house, and what did not: letters and sayings of robots, with their reasons, to be tried again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.notifying.deliveries import (
    Delivery,
    Standing,
    list_letters,
    list_said,
    mail_again,
    tell_again,
)
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, allows
from anshou.portal.notifying.reasons import saying_why
from anshou.portal.notifying.robots import HOME
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_

LETTERS, SAID = f"{HOME}/letters", f"{HOME}/said"
PAGE = 50


@get("/settings/notifications/letters")
async def letters_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Everybody's letters."""
    found = await list_letters(
        visit.session, visit.person, standing=_standing(request), after=_place(request), limit=PAGE + 1
    )
    return await _page(request, visit, LETTERS, found)


@post("/settings/notifications/letters/{letter_id:uuid}/again", status_code=303)
async def mail_again_page(letter_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Try a letter again."""
    await mail_again(visit.session, letter_id, by=visit.person, at=visit.at)
    return go_to(request, LETTERS, Notice(language_of(request).say(N_("已重新排队发送。"))))


@get("/settings/notifications/said")
async def said_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What all robots said."""
    found = await list_said(
        visit.session, visit.person, standing=_standing(request), after=_place(request), limit=PAGE + 1
    )
    return await _page(request, visit, SAID, found)


@post("/settings/notifications/said/{saying_id:uuid}/again", status_code=303)
async def tell_again_page(saying_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Let a robot say it again."""
    await tell_again(visit.session, saying_id, by=visit.person, at=visit.at)
    return go_to(request, SAID, Notice(language_of(request).say(N_("已重新排队发送。"))))


async def _page(request: Asked, visit: Visit, here: str, found: Sequence[Delivery]) -> Response[str]:
    say, standing = language_of(request).say, _standing(request)
    shown = found[:PAGE]
    kept = {"standing": standing.value} if standing else {}
    following = {**kept, "after": _said(shown[-1])} if len(found) > PAGE else {}
    first = f"{here}?{urlencode(kept)}" if kept else here
    return page(
        request,
        "notifying/deliveries.html",
        tabs=[
            {"label": say(N_("邮件")), "address": LETTERS, "current": here == LETTERS},
            {"label": say(N_("群机器人")), "address": SAID, "current": here == SAID},
        ],
        here=here,
        home=HOME,
        rows=shown,
        standing=standing,
        standings=[one for one in Standing if here == LETTERS or one is not Standing.DROPPED],
        first=first if "after" in request.query_params else "",
        following=f"{here}?{urlencode(following)}" if following else "",
        may_retry=allows(visit.person, Permission.RETRY_JOBS),
        why=saying_why(language_of(request)),
        zone=(await read_settings(visit.session)).zone,
    )


def _standing(request: Asked) -> Standing | None:
    """The standing asked for; all of them for what is none."""
    given = request.query_params.get("standing", "")
    return next((one for one in Standing if one.value == given), None)


def _said(row: Delivery) -> str:
    return f"{row.owed_at.isoformat()}~{row.id}"


def _place(request: Asked) -> tuple[datetime, UUID] | None:
    """Where the list goes on; from its beginning for what is no place in it."""
    at, _, ident = request.query_params.get("after", "").partition("~")
    try:
        place: Any = (datetime.fromisoformat(at), UUID(ident))
    except ValueError:
        return None
    return place if place[0].tzinfo is not None else None
