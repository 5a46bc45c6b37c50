"""The page with which a working day begins."""

from hashlib import sha256
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.day import due, waits
from anshou.portal.day.places import MY_DAY
from anshou.portal.notices.wording import said_of_event
from anshou.portal.pages import fragment, language_of, page
from anshou.tickets.my_day import News, Told, count_own, due_before, of_sort, unread_news
from anshou.tickets.waiting import waiting_for
from tenants.refusals import N_

# Lines of what is due; beyond these the queue.
MOST_DUE = 40
# Lines of each sort of news.
MOST_NEWS = 8

NEWS_ICONS = {News.ANSWERED: "message-2", News.MENTIONED: "at", News.GIVEN: "user-check", News.OTHER: "bell"}


@get(MY_DAY)
async def day_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What is due today, what was answered, what waits."""
    authorize_at_desk(visit.person, Permission.READ_TICKETS)
    return page(request, "day/day.html", **await _shown(request, visit))


@get(f"{MY_DAY}/now")
async def day_now(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The same again; 204 if it is what was `seen`. Asked when some ticket changed or a notice came."""
    authorize_at_desk(visit.person, Permission.READ_TICKETS)
    shown = await _shown(request, visit)
    if request.query_params.get("seen") == shown["mark"]:
        return Response("", media_type=MediaType.HTML, status_code=204)
    return fragment(request, "day/_now.html", **shown)


async def _shown(request: Asked, visit: Visit) -> dict[str, Any]:
    language = language_of(request)
    zone = (await read_settings(visit.session)).zone
    merchants = await merchant_names(visit.session)
    until = due.end_of_day(visit.at, zone)
    cards = await due_before(visit.session, visit.person, until, limit=MOST_DUE + 1)
    hours = due.by_hour(cards[:MOST_DUE], merchants, now=visit.at, zone=zone, language=language)
    told = await unread_news(visit.session, visit.person)
    waiting = [
        *waits.of_tickets(await waiting_for(visit.session, visit.person, zone=zone), visit.person, merchants, language),
        *await waits.of_other_rooms(visit, merchants, language),
    ]
    news = [_news(sort, of_sort(told, sort), language) for sort in News]
    values = {
        "hours": hours,
        "more_due": len(cards) > MOST_DUE,
        "late": sum(len(hour.lines) for hour in hours if hour.is_late),
        "today": sum(len(hour.lines) for hour in hours if not hour.is_late),
        "news": [one for one in news if one["lines"]],
        "waiting": waiting,
        "own": await count_own(visit.session, visit.person),
    }
    # What tells two days apart; a badge that says less time than before is news too.
    mark = sha256(repr(values).encode()).hexdigest()[:16]
    return values | {
        "mark": mark,
        "merchants": merchants,
        "is_clear": not hours and not told and not waiting,
        "greeting": _greeting(visit.at.astimezone(zone).hour, language),
        "zone": zone,
        "local": visit.at.astimezone(zone),
        "weekday": language.say(_WEEKDAYS[visit.at.astimezone(zone).weekday()]),
    }


def _news(sort: News, told: list[Told], language: Language) -> dict[str, Any]:
    return {
        "title": language.say(sort.label),
        "icon": NEWS_ICONS[sort],
        "count": len(told),
        "lines": [(one, language.say(said_of_event(one.event, one.number))) for one in told[:MOST_NEWS]],
        "more": max(len(told) - MOST_NEWS, 0),
        "is_answer": sort is News.ANSWERED,
    }


_WEEKDAYS = (N_("星期一"), N_("星期二"), N_("星期三"), N_("星期四"), N_("星期五"), N_("星期六"), N_("星期日"))


def _greeting(hour: int, language: Language) -> str:
    if hour < 12:
        return language.say(N_("早上好"))
    return language.say(N_("下午好") if hour < 18 else N_("晚上好"))
