"""Signing an agreement: the text as it will be kept, then password and second factor once more.

The proof is checked at the door before the ticket's transaction begins, for both take their own.
"""

from dataclasses import dataclass
from typing import Annotated

from litestar import Response
from msgspec import Meta

from anshou.gate.callers import Asked, Caller
from anshou.gate.visits import Visit, gate_of
from anshou.people.person import Person
from anshou.people.second_factor import is_enrolled
from anshou.portal.account.proofs import Proving, prove_by
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.ticket_views.move_forms import version_seen
from anshou.portal.ticket_views.places import Place
from anshou.tickets.agreements import Agreement, find_agreement, open_document, signing_purpose
from anshou.tickets.disputing import Signature
from anshou.tickets.errors import AgreementOutdated, MoveNotYours
from anshou.tickets.moving import make_move, open_moves
from anshou.tickets.process import AnyMove
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_, Message, Refusal

MOVES = ("sign_for_merchant", "sign_for_agency")


class SigningForm(Proving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed, and which text it was typed under."""

    sha256: Annotated[str, Meta(max_length=64, title=N_("文件校验值"), extra={"widget": "hidden"})] = ""


@dataclass(frozen=True, slots=True)
class ToSign:
    """What lies before the person: the ticket, the move by which they sign, and the newest text."""

    ticket: Ticket
    move: AnyMove
    agreement: Agreement


async def show_signing(request: Asked, caller: Caller, number: str, place: Place) -> Response[str]:
    """The text and the form."""
    async with gate_of(request).enter(caller) as visit:
        return await _form(request, visit, await _to_sign(visit, number), place)


async def submit_signature(request: Asked, caller: Caller, number: str, place: Place) -> Response[str]:
    """Prove who signs, and sign."""
    gate = gate_of(request)
    typed = await typed_by(request)
    reading = read(SigningForm, typed)
    async with gate.enter(caller) as visit:
        to_sign = await _to_sign(visit, number)
        if reading.value is None:
            return await _form(request, visit, to_sign, place, reading.refusal)
        if reading.value.sha256 != to_sign.agreement.sha256:
            return await _form(request, visit, to_sign, place, AgreementOutdated())
        agreement_id = to_sign.agreement.id
    proof = await prove_by(gate, caller, reading.value, purpose=signing_purpose(agreement_id))
    async with gate.enter(caller) as visit:
        to_sign = await _to_sign(visit, number)
        if isinstance(proof, Message):
            return await _form(request, visit, to_sign, place, proof)
        record = Signature(agreement=agreement_id, sha256=reading.value.sha256)
        seen = version_seen(typed)
        try:
            async with visit.session.begin_nested():
                await make_move(
                    visit.session,
                    to_sign.ticket,
                    to_sign.move.name,
                    record,
                    by=visit.person,
                    at=visit.at,
                    seen=seen,
                    proof=proof,
                )
        except Refusal as refusal:
            await visit.session.refresh(to_sign.ticket)
            return await _form(request, visit, to_sign, place, refusal)
        return go_to(request, place.of(to_sign.ticket), Notice(language_of(request).say(N_("协议已签署。"))))


async def _to_sign(visit: Visit, number: str) -> ToSign:
    """Raises TicketNotFound, and MoveNotYours where there is nothing for this person to sign."""
    ticket = await visible_ticket(visit.session, visit.person, number)
    moves = await open_moves(visit.session, ticket, visit.person, at=visit.at)
    move = next((move for move in moves if move.name in MOVES), None)
    agreement = await find_agreement(visit.session, ticket)
    if move is None or agreement is None:
        raise MoveNotYours(N_("签署协议"))
    return ToSign(ticket, move, agreement)


async def _form(
    request: Asked, visit: Visit, to_sign: ToSign, place: Place, wrong: Refusal | Message | None = None
) -> Response[str]:
    values = form_values(request, Proving, wrong=wrong)
    if not await _has_second_factor(request, visit.caller, visit.person):
        values["fields"] = [field for field in values["fields"] if field.name != "code"]
    return page(
        request,
        "tickets/sign.html",
        status_code=status_of(wrong) if isinstance(wrong, Refusal) else 422 if wrong else 200,
        ticket=to_sign.ticket,
        move=to_sign.move,
        agreement=to_sign.agreement,
        document=await open_document(visit.session, to_sign.ticket, to_sign.agreement, by=visit.person, at=visit.at),
        address=f"{place.of(to_sign.ticket)}/sign",
        back=place.of(to_sign.ticket),
        queue=(place.queue_label, place.root),
        **values,
    )


async def _has_second_factor(request: Asked, caller: Caller, person: Person) -> bool:
    async with gate_of(request).door(caller.tenant).open() as session:
        return await is_enrolled(session, person.id)
