"""Short ways through the door, for tests that are about something else."""

from datetime import datetime, timedelta

import pyotp

from anshou.people.door import Door
from anshou.people.own_sign_in import (
    CHANGE_SECOND_FACTOR,
    begin_second_factor,
    confirm_second_factor,
)
from anshou.people.proving import Proof, prove
from anshou.people.signing_in import Admitted, SecondFactorAsked, TurnedAway, sign_in
from anshou.people.web_sessions import Origin, SignedIn, find_signed_in
from tests.cast import NOW, PASSWORD

HERE = Origin(address="203.0.113.7", agent="Firefox")


async def attempt(
    door: Door, login: str, password: str = PASSWORD, *, at: datetime = NOW, origin: Origin = HERE
) -> Admitted | SecondFactorAsked | TurnedAway:
    """Try to sign in."""
    return await sign_in(door, login=login, password=password, origin=origin, at=at)


async def enter(door: Door, login: str, *, at: datetime = NOW) -> tuple[SignedIn, str]:
    """Sign in with the cast's password; returns who is in, and the cookie's token."""
    admitted = await attempt(door, login, at=at)
    assert isinstance(admitted, Admitted)
    signed_in = await seen(door, admitted.token, at=at)
    assert signed_in is not None
    return signed_in, admitted.token


async def seen(door: Door, token: str, *, at: datetime = NOW) -> SignedIn | None:
    """What a request with this cookie finds."""
    async with door.open() as session:
        return await find_signed_in(session, token, limits=door.limits, at=at)


async def proof_of(
    door: Door, signed_in: SignedIn, purpose: str, *, password: str = PASSWORD, code: str = "", at: datetime = NOW
) -> Proof:
    """Sign in again for this purpose."""
    proof = await prove(door, signed_in, purpose=purpose, password=password, code=code, origin=HERE, at=at)
    assert isinstance(proof, Proof)
    return proof


async def enrol(door: Door, signed_in: SignedIn, *, at: datetime = NOW) -> tuple[pyotp.TOTP, list[str], str]:
    """Set a second factor up; returns the authenticator, the recovery codes and the session's new token.

    The code that confirms it is that of the step before `at`, so that the one of `at` is still good.
    """
    proof = await proof_of(door, signed_in, CHANGE_SECOND_FACTOR, at=at)
    enrolment = await begin_second_factor(door, signed_in, agency="安和", proof=proof, at=at)
    totp = pyotp.TOTP(enrolment.seed)
    code = totp.at(at - timedelta(seconds=30))
    codes, token = await confirm_second_factor(door, signed_in, code, at=at)
    return totp, codes, token
