"""Signing an agreement: whoever signs gives their password, and their second factor, once more for this very text."""

import hashlib
from typing import Annotated

import msgspec
from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from anshou.api import idempotency
from anshou.api.proofs import proved, signing_visit
from anshou.api.requests import ApiRequest
from anshou.api.resources import tickets
from anshou.api.resources.making import Moved, make_move
from anshou.api.routing import move
from anshou.api.visits import Visiting
from anshou.gate.callers import Asked
from anshou.people.proving import Proof
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
    """That the person signs in again for this very text. Raises Replayed and ProofRefused."""
    given = await _given(request)
    purpose = signing_purpose(given.agreement)
    return await proved(request, given_key, fingerprint, purpose=purpose, password=given.password, code=given.code)


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
