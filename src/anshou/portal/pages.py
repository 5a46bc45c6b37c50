"""From values to an answer: pages and fragments are rendered inside the request's transaction and sent after it.

A page is whole and stands in its frame; a fragment is a part of one, asked for by the script that puts it in place.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from litestar import Response
from litestar.enums import MediaType

from anshou.gate import cookies
from anshou.gate.callers import Asked, Caller, caller_of
from anshou.gate.cookies import Cookies
from anshou.gate.forgery import FormTokens
from anshou.language import Language, choose
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.portal import formats, navigation
from anshou.portal.addresses import local_address
from anshou.portal.compressing import compressed
from anshou.portal.rendering import Rendering
from tenants.registry import TenantState
from tenants.storage import ObjectStorage

Tone = Literal["", "good", "warn", "bad"]

# What the screen looks like: as the device says, or always so.
Theme = Literal["system", "light", "dark"]

# Asked for by our script instead of a whole page; the answer repeats it, or carries LOCATION when it is done.
FRAGMENT = "x-fragment"
LOCATION = "x-location"

NOTICE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, told once on the next page."""

    text: str
    tone: Tone = "good"


@dataclass(frozen=True, slots=True)
class Portal:
    """What every page needs of the process; hangs on the application's state. `upload_limit` is in bytes."""

    rendering: Rendering
    tokens: FormTokens
    cookies: Cookies
    storage: ObjectStorage
    upload_limit: int
    robot_hosts: tuple[str, ...] = ()
    mailbox_hosts: tuple[str, ...] = ()


def portal_of(request: Asked) -> Portal:
    """The portal that serves this request."""
    portal: Portal = request.app.state.portal
    return portal


def language_of(request: Asked) -> Language:
    """The person's own language, else the one chosen in this browser, else the one it asks for."""
    caller = caller_of(request)
    chosen = request.cookies.get(portal_of(request).cookies.name(cookies.LANGUAGE))
    return choose(caller.person.locale if caller else None, chosen, accepted=request.headers.get("accept-language", ""))


def theme_of(request: Asked) -> Theme:
    """What was chosen in this browser, else as the device says."""
    chosen = request.cookies.get(portal_of(request).cookies.name(cookies.THEME))
    return next((theme for theme in get_args(Theme) if theme == chosen), "system")


def page(request: Asked, template: str, /, *, status_code: int = 200, **values: object) -> Response[str]:
    """A whole page in the visitor's language."""
    portal, caller, language = portal_of(request), caller_of(request), language_of(request)
    bound_to = portal.tokens.binding(request)
    new_visitor = "" if bound_to else secrets.token_urlsafe(24)
    notice = _read_notice(request)
    frame = {
        "now": caller.at if caller else datetime.now(UTC),
        "zone": caller.zone if caller and caller.signed_in else formats.SHANGHAI,
        "form_token": portal.tokens.issue(bound_to or new_visitor),
        "notice": notice,
        "own_address": address_of(request),
        "tenant_name": caller.agency_name if caller else "",
        "theme": theme_of(request),
        **(_around(request, caller) if caller else {}),
    }
    body, headers = compressed(request, portal.rendering.render(language, template, {**frame, **values}))
    response: Response[Any] = Response(
        body,
        media_type=MediaType.HTML,
        status_code=status_code,
        headers={"content-language": language.tag, **headers},
    )
    if new_visitor:
        response.cookies.append(portal.cookies.set(cookies.VISITOR, new_visitor))
    if notice:
        response.cookies.append(portal.cookies.clear(cookies.NOTICE))
    return response


def fragment(request: Asked, template: str, /, *, status_code: int = 200, **values: object) -> Response[str]:
    """A part of a page, without a frame."""
    portal, caller, language = portal_of(request), caller_of(request), language_of(request)
    frame = {
        "now": caller.at if caller else datetime.now(UTC),
        "zone": caller.zone if caller and caller.signed_in else formats.SHANGHAI,
        "form_token": portal.tokens.issue(portal.tokens.binding(request)),
        "person": caller.person if caller else None,
    }
    body, headers = compressed(request, portal.rendering.render(language, template, {**frame, **values}))
    response: Response[Any] = Response(
        body,
        media_type=MediaType.HTML,
        status_code=status_code,
        headers={"content-language": language.tag, FRAGMENT: "yes", **headers},
    )
    return response


def wants_fragment(request: Asked) -> bool:
    """Whether the dialog's script asks, and not a browser for a page."""
    return FRAGMENT in request.headers


def go_to(request: Asked, address: str, notice: Notice | None = None) -> Response[str]:
    """After something was done: on to a page, by a redirect that a reload does not repeat (303)."""
    if wants_fragment(request):
        response = Response("", media_type=MediaType.HTML, headers={LOCATION: address})
    else:
        response = Response("", media_type=MediaType.HTML, status_code=303, headers={"location": address})
    if notice:
        told = urlsafe_b64encode(json.dumps([notice.text, notice.tone]).encode()).decode()
        response.cookies.append(portal_of(request).cookies.set(cookies.NOTICE, told, seconds=NOTICE_SECONDS))
    return response


def _around(request: Asked, caller: Caller) -> dict[str, object]:
    """What the frame shows around a page of somebody signed in."""
    places = navigation.places_for(caller.person)
    searches = allows(caller.person, Permission.READ_TICKET_SUMMARY)
    return {
        "person": caller.person,
        "page_of": whose(caller.person),
        "suspended": caller.tenant.state is TenantState.SUSPENDED,
        "merchant_count": len(caller.signed_in.merchant_ids) if caller.signed_in else 0,
        "places": places,
        "current_place": navigation.current(request.url.path, places),
        "search_address": ("/my/search" if caller.person.is_merchant else "/search") if searches else "",
        "search_words": request.query_params.get("q", ""),
    }


def whose(person: Person) -> str:
    """Whose page it is: a person's, for the merchant for which they act."""
    return f"{person.id}/{person.merchant_id}" if person.merchant_id else str(person.id)


def address_of(request: Asked) -> str:
    """The page's own path and query, to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def page_before(request: Asked) -> str:
    """The page of ours that the browser comes from, path and query; empty where it says none."""
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc != request.headers.get("host", "") or not before.path:
        return ""
    return local_address(before.path + (f"?{before.query}" if before.query else ""))


def _read_notice(request: Asked) -> Notice | None:
    told = request.cookies.get(portal_of(request).cookies.name(cookies.NOTICE))
    if not told:
        return None
    try:
        text, tone = json.loads(urlsafe_b64decode(told))
    except ValueError:
        return None
    return Notice(str(text), tone if tone in ("good", "warn", "bad") else "")
