"""Signing an agreement: whoever signs gives their password, and their second factor, once more for this very text."""

import hashlib
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from anshou.api import idempotency, visits
from anshou.api.errors import ProofRefused
from anshou.api.idempotency import Replayed
from anshou.api.requests import ApiRequest
from anshou.api.resources import tickets
from anshou.api.resources.making import Moved, make_move
from anshou.api.routing import move
from anshou.api.visits import ApiVisit, Visiting
from anshou.gate.callers import Asked
from anshou.gate.kept_answers import find_answer
from anshou.people.proving import Proof, prove
from anshou.people.signing_in import TurnedAway
from anshou.people.web_sessions import SignedIn
from anshou.tickets import reach
from anshou.tickets.agreements import signing_purpose
from anshou.tickets.disputing import Signature
from tenants.refusals import N_


class SignatureGiven(Signature, frozen=True, kw_only=True):
    """A signature, and what proves that its owner gives it."""

    password: Annotated[str, Meta(title=N_("签署人的密码"), min_length=1, max_length=1000)]
    code: Annotated[str, Meta(title=N_("动态验证码，未启用时留空"), max_length=20)] = ""


async def fingerprint(request: Asked) -> bytes:
    """The fingerprint without the password: what is kept of a request must not help anybody to guess it."""
    given = await _given(request)
    return idempotency.fingerprint_of(request, hashlib.sha256(msgspec.json.encode(_signature(given))).digest())


async def proof(request: Asked, given_key: NamedDependency[str], fingerprint: NamedDependency[bytes]) -> Proof:
    """That the person signs in again, checked before the visit begins: no connection is held meanwhile.

    Raises Replayed for a request that was answered before, because a code proves something once only, and ProofRefused.
    """
    caller, door = visits.caller_by_key(request), visits.door_of(request)
    claim = visits.claim_of(request, given_key, fingerprint)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        if answered := await find_answer(session, door.sealing(caller.tenant), claim):
            raise Replayed(answered)
    given = await _given(request)
    signed_in = SignedIn(
        session_id=caller.key, person=caller.person, signed_in_at=caller.at, second_factor=False, merchant_ids=()
    )
    proved = await prove(
        door.entrance(caller.tenant),
        signed_in,
        purpose=signing_purpose(given.agreement),
        password=given.password,
        code=given.code,
        origin=caller.origin,
        at=caller.at,
    )
    if isinstance(proved, TurnedAway):
        raise ProofRefused(proved.message)
    return proved


async def signing_visit(
    request: Asked,
    given_key: NamedDependency[str],
    fingerprint: NamedDependency[bytes],
    proof: NamedDependency[Proof],
) -> AsyncIterator[ApiVisit]:
    """The visit of a signature: it begins once the proof is there."""
    async with visits.claimed_visit(request, visits.claim_of(request, given_key, fingerprint)) as visit:
        yield visit


SIGNING = {"fingerprint": Provide(fingerprint), "proof": Provide(proof), "visit": Provide(signing_visit)}


@move(
    "/tickets/{number:str}/moves/sign_for_merchant",
    summary=N_("代表商家签署协议"),
    operation_id="moveSignForMerchant",
    opt=tickets.ANSWERS,
    dependencies=SIGNING,
)
async def sign_for_merchant(
    number: FromPath[str],
    data: JSONBody[SignatureGiven],
    seen: NamedDependency[int],
    proof: NamedDependency[Proof],
    visit: Visiting,
) -> Response[Moved]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    return await make_move(visit, ticket, "sign_for_merchant", _signature(data), seen, proof)


@move(
    "/tickets/{number:str}/moves/sign_for_agency",
    summary=N_("代表代运营方签署协议"),
    operation_id="moveSignForAgency",
    opt=tickets.ANSWERS,
    dependencies=SIGNING,
)
async def sign_for_agency(
    number: FromPath[str],
    data: JSONBody[SignatureGiven],
    seen: NamedDependency[int],
    proof: NamedDependency[Proof],
    visit: Visiting,
) -> Response[Moved]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    return await make_move(visit, ticket, "sign_for_agency", _signature(data), seen, proof)


async def _given(request: Asked) -> SignatureGiven:
    if not isinstance(request, ApiRequest):
        raise TypeError("the door's requests read their bodies themselves")
    return await request.read(SignatureGiven)


def _signature(given: SignatureGiven) -> Signature:
    return Signature(agreement=given.agreement, sha256=given.sha256)


router = Router("/", tags=[N_("工单操作")], route_handlers=[sign_for_merchant, sign_for_agency])
