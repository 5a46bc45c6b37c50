"""Signing through the JSON door: whoever signs proves who they are once more, before the visit begins."""

from collections.abc import AsyncIterator

from litestar.di import NamedDependency

from anshou.api import visits
from anshou.api.errors import ProofRefused
from anshou.api.idempotency import Replayed
from anshou.api.visits import ApiVisit
from anshou.gate.callers import Asked
from anshou.gate.kept_answers import find_answer
from anshou.people.proving import Proof, prove
from anshou.people.signing_in import TurnedAway
from anshou.people.web_sessions import SignedIn


async def proved(
    request: Asked, given_key: str, fingerprint: bytes, *, purpose: str, password: str, code: str
) -> Proof:
    """That the person signs in again for this purpose; no connection is held meanwhile.

    Raises Replayed for a request that was answered before, because a code proves something once only, and ProofRefused.
    """
    caller, door = visits.caller_by_key(request), visits.door_of(request)
    claim = visits.claim_of(request, given_key, fingerprint)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        if answered := await find_answer(session, door.sealing(caller.tenant), claim):
            raise Replayed(answered)
    signed_in = SignedIn(
        session_id=caller.key, person=caller.person, signed_in_at=caller.at, second_factor=False, merchant_ids=()
    )
    proof = await prove(
        door.entrance(caller.tenant),
        signed_in,
        purpose=purpose,
        password=password,
        code=code,
        origin=caller.origin,
        at=caller.at,
    )
    if isinstance(proof, TurnedAway):
        raise ProofRefused(proof.message)
    return proof


async def signing_visit(
    request: Asked,
    given_key: NamedDependency[str],
    fingerprint: NamedDependency[bytes],
    proof: NamedDependency[Proof],
) -> AsyncIterator[ApiVisit]:
    """The visit of a signature: it begins once the proof is there."""
    async with visits.claimed_visit(request, visits.claim_of(request, given_key, fingerprint)) as visit:
        yield visit
