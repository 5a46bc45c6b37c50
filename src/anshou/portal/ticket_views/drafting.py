"""Keeping what is being typed on a ticket, while it is typed: the form sends itself now and then, or by a button.

A number that seems to be somebody's is not kept before its author has decided what becomes of it (`forms/slips.py`).
"""

from datetime import datetime

from litestar import Response

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.people.agency import read_settings
from anshou.portal.forms import slips
from anshou.portal.forms.reading import typed_by
from anshou.portal.forms.typed import DROP, MORE, Typed
from anshou.portal.pages import Notice, fragment, go_to, language_of, wants_fragment
from anshou.portal.ticket_views.places import SEEN, Place
from anshou.tickets.drafts import ENTRY, Basis, Draft, discard_draft, drafts_on, save_draft
from anshou.tickets.errors import DraftElsewhere, DraftNotKept
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Invalid, Refusal

# The page from which a script keeps a form, and the saving that the form shows or made last.
PAGE, KEPT_AT = "_page", "_kept_at"

_LONGEST_MARK = 40

# What a form brings that nobody has typed.
_NOT_TYPED = frozenset({"_token", SEEN, slips.FIELD, MORE, DROP, "from", "then", PAGE, KEPT_AT})

# Chosen beside what is written; alone they are no draft.
_CHOICES = frozenset({"audience"})

HOLDS_NUMBERS = N_("内容中似有他人号码，草稿没有保存")
ELSEWHERE = N_("您在另一个页面里也填写了这里，较新的内容在那边，刷新可见；这里的没有保存")


class NumbersNotKept(Invalid):
    """Raised when a text with somebody's number in it would be kept before its author has decided about it."""

    def __init__(self) -> None:
        super().__init__(HOLDS_NUMBERS)


async def keep_draft(request: Asked, visit: Visit, ticket: Ticket, form: str, place: Place) -> Response[str]:
    """Keep the form as it was sent, or nothing if it holds nothing, and say so.

    Raises what `save_draft` refuses. Without scripts also NumbersNotKept: its page is all that is left then.
    """
    sent = await typed_by(request)
    typed, basis = _typed_only(sent), basis_of(sent)
    said = {name: sent for name, sent in typed.values.items() if name not in _CHOICES}
    if ticket.is_confidential:
        raise DraftNotKept
    if not any(one.strip() for each in said.values() for one in each):
        await discard_draft(visit.session, ticket, form, by=visit.person, basis=basis)
        other = (await drafts_on(visit.session, ticket, visit.person)).get(form)
        return await _answer(request, visit, ticket, form, place, None, ELSEWHERE if other else "", other)
    if slips.hint([one for each in said.values() for one in each], language_of(request)):
        if not wants_fragment(request):
            raise NumbersNotKept
        return await _answer(request, visit, ticket, form, place, None, HOLDS_NUMBERS)
    try:
        await save_draft(visit.session, ticket, form, typed.values, by=visit.person, at=visit.at, basis=basis)
    except DraftElsewhere:
        other = (await drafts_on(visit.session, ticket, visit.person)).get(form)
        return await _answer(request, visit, ticket, form, place, None, ELSEWHERE, other)
    return await _answer(request, visit, ticket, form, place, visit.at)


async def give_up_draft(request: Asked, visit: Visit, ticket: Ticket, form: str, place: Place) -> Response[str]:
    """Keep nothing of the form any more, and show it as it begins."""
    await discard_draft(visit.session, ticket, form, by=visit.person)
    return go_to(request, _address(ticket, form, place), Notice(language_of(request).say(N_("草稿已删除。"))))


def basis_of(typed: Typed) -> Basis | None:
    """From where a form is kept or sent; None without scripts, where a button is pressed on purpose."""
    page = typed.one(PAGE)[:_LONGEST_MARK]
    try:
        seen = datetime.fromisoformat(typed.one(KEPT_AT))
    except ValueError:
        seen = None
    return Basis(page, seen if seen and seen.tzinfo else None) if page else None


def drafts_address(ticket: Ticket, place: Place, form: str = ENTRY) -> str:
    """Where a form is kept while it is typed; empty where nothing is kept."""
    return "" if ticket.is_confidential else f"{place.of(ticket)}/drafts/{form}"


def restored(draft: Draft | None) -> Typed | None:
    """What the form shows of its draft."""
    return None if draft is None else Typed({name: tuple(map(str, typed)) for name, typed in draft.fields.items()})


async def keep_typed(
    request: Asked, visit: Visit, ticket: Ticket, form: str, typed: Typed, **instead: list[str]
) -> None:
    """Keep what a button brought along that leads away from the form for a moment. Raises what `save_draft` refuses.

    Raises NumbersNotKept where a number in it is still to be decided about.
    """
    values = {**_typed_only(typed).values, **instead}
    texts = [one for name, sent in values.items() if name not in _CHOICES for one in sent]
    if slips.hint(texts, language_of(request)):
        raise NumbersNotKept
    if any(one.strip() for one in texts):
        await save_draft(visit.session, ticket, form, values, by=visit.person, at=visit.at)


async def keep_unsent(visit: Visit, ticket: Ticket, form: str, typed: Typed, language: Language) -> bool:
    """Keep a form whose sending came to nothing as its draft; False where nothing of it may be kept.

    Its last words may never have been kept: whoever sends at once and is refused finds them here again.
    """
    values = _typed_only(typed).values
    texts = [one for name, sent in values.items() if name not in _CHOICES for one in sent]
    if not any(one.strip() for one in texts):
        return True
    if ticket.is_confidential or slips.hint(texts, language):
        return False
    try:
        async with visit.session.begin_nested():
            basis = basis_of(typed)
            await save_draft(visit.session, ticket, form, values, by=visit.person, at=visit.at, basis=basis)
    except Refusal:
        return False
    return True


def _typed_only(typed: Typed) -> Typed:
    return Typed({name: sent for name, sent in typed.values.items() if name not in _NOT_TYPED})


async def _answer(
    request: Asked,
    visit: Visit,
    ticket: Ticket,
    form: str,
    place: Place,
    at: datetime | None,
    why_not: str = "",
    other: Draft | None = None,
) -> Response[str]:
    """How the form stands with its draft: kept `at`, or `why_not`; `other` is what another page has kept instead."""
    language = language_of(request)
    if not wants_fragment(request):
        said = Notice(language.say(why_not), "warn") if why_not else Notice(language.say(N_("草稿已保存。")))
        return go_to(request, _address(ticket, form, place), said if at or why_not else None)
    return fragment(
        request,
        "tickets/_draft.html",
        saved_at=at,
        why_not=why_not,
        other=other,
        zone=(await read_settings(visit.session)).zone,
        drafts_address=drafts_address(ticket, place, form),
    )


def _address(ticket: Ticket, form: str, place: Place) -> str:
    return f"{place.of(ticket)}#reply" if form == ENTRY else f"{place.of(ticket)}/moves/{form}"
