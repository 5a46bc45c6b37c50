"""Asking for the purpose, showing the field for a while, and copying it.

The field is in the answer to a POST and nowhere else: no address, cookie or log holds it, no cache keeps the answer.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.portal.addresses import local_address
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.pages import fragment, language_of, page, wants_fragment
from anshou.portal.ticket_views.choices import purpose_choices
from anshou.privacy.reveal_rules import read_reveal_rules
from anshou.privacy.revealable import FieldReference, find_declared, held_for
from anshou.privacy.revealing import Revealed, Wanted, copy, reveal
from tenants.refusals import N_, Refusal

# What the page knows already and nobody types.
_OF_THE_ADDRESS = ("field", "ticket")


@get("/reveals/new")
async def purpose_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form that asks for the purpose, and for the ticket where the field belongs to none."""
    authorize(visit.person, Permission.REVEAL)
    reference = FieldReference.read(request.query_params.get("field", ""))
    await held_for(visit.session, reference, by=visit.person)
    return await _form(request, visit)


@post("/reveals", status_code=200)
async def show_field(request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Record it and show it. Has no transaction of its own: the record commits before the field is opened."""
    given = {name: value for name in _OF_THE_ADDRESS if (value := request.query_params.get(name))}
    typed = await typed_by(request)
    reading = read(Wanted, typed, given=given)
    refusal: Refusal | None = reading.refusal
    if reading.value is not None:
        try:
            revealed = await reveal(gate_of(request).beginning(caller), reading.value, by=caller.person, at=caller.at)
        except Refusal as refused:
            refusal = refused
        else:
            return await _shown(request, caller, revealed)
    async with gate_of(request).enter(caller) as visit:
        return await _form(request, visit, typed, refusal)


@post("/reveals/{reveal_id:uuid}/copy", status_code=200)
async def copy_field(reveal_id: FromPath[UUID], request: Asked, caller: NamedDependency[Caller]) -> Response[str]:
    """Record that it is copied, and hand it out once more in a field that can be selected."""
    try:
        revealed = await copy(gate_of(request).beginning(caller), reveal_id, by=caller.person, at=caller.at)
    except Refusal as refusal:
        if not wants_fragment(request):
            raise
        said = language_of(request).refusal(refusal)
        return fragment(request, "reveals/_over.html", status_code=409, said=said)
    return await _shown(request, caller, revealed, copied=True)


async def _shown(request: Asked, caller: Caller, revealed: Revealed, *, copied: bool = False) -> Response[str]:
    async with gate_of(request).enter(caller) as visit:
        zone = (await read_settings(visit.session)).zone
    shown = revealed.shown
    back = local_address(request.query_params.get("back", "/"))
    values: dict[str, Any] = {
        "shown": shown,
        "text": revealed.text,
        "copied": copied,
        "seconds": max(1, int((shown.until - caller.at).total_seconds())),
        "back": back,
        "copy_address": f"/reveals/{shown.id}/copy?" + urlencode({"back": back}),
        "zone": zone,
    }
    if wants_fragment(request):
        return fragment(request, "reveals/_shown.html", **values)
    return page(request, "reveals/shown.html", **values)


async def _form(request: Asked, visit: Visit, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    language = language_of(request)
    known = {name: value for name in _OF_THE_ADDRESS if (value := request.query_params.get(name))}
    back = local_address(request.query_params.get("back", "/"))
    reference = FieldReference.read(known.get("field", ""))
    declared = find_declared(reference.table, reference.field)
    label = language.say(declared.label) if declared else ""
    rules = await read_reveal_rules(visit.session)
    form = FormPage(
        heading=language.say(N_("查看%(label)s"), label=label),
        action="/reveals?" + urlencode({**known, "back": back}),
        back=back,
        button=language.say(N_("查看")),
        intro=language.say(
            N_("内容将显示 %(seconds)s 秒。您的姓名、时间、查看目的和工单会被记录，商家可以看到这次查看。"),
            seconds=rules.shown_seconds,
        ),
    )
    purposes = await purpose_choices(visit.session, language)
    choices = Choices(by_name={"purpose": purposes})
    return show_form(request, form, Wanted, typed, wrong=wrong, choices=choices, without=known)
