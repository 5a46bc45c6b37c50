"""Proving again who one is: password, and the second factor where there is one, for one act."""

from typing import Annotated

from msgspec import Meta, Struct

from anshou.gate.callers import Caller
from anshou.gate.visits import Gate
from anshou.people.proving import Proof, prove
from anshou.people.signing_in import TurnedAway
from tenants.refusals import N_, Message


class Proving(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed to prove who one is."""

    present_password: Annotated[
        str, Meta(min_length=1, max_length=1000, title=N_("当前密码"), extra={"widget": "secret"})
    ]
    code: Annotated[str, Meta(max_length=64, title=N_("验证码或恢复码"), extra={"widget": "code"})] = ""


async def prove_by(gate: Gate, caller: Caller, given: Proving, *, purpose: str) -> Proof | Message:
    """The proof, or what to tell the person."""
    outcome = await prove(
        gate.door(caller.tenant),
        caller.session,
        purpose=purpose,
        password=given.present_password,
        code=given.code,
        origin=caller.origin,
        at=caller.at,
    )
    return outcome.message if isinstance(outcome, TurnedAway) else outcome
