"""Signing in again for one act: signing an agreement, changing how one signs in.

The act takes the Proof and keeps from it what makes a signature traceable: who, when, from which session and address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from anshou.people.accounts import Credential
from anshou.people.delays import OF_CODE, OF_LOGIN, code_subject, count_failure, forgive, login_subject
from anshou.people.door import Door
from anshou.people.errors import ProofMissing
from anshou.people.passwords import Password
from anshou.people.person import Person
from anshou.people.second_factor import is_enrolled, use_code
from anshou.people.signing_in import TurnedAway, too_often
from anshou.people.web_sessions import Origin, SignedIn
from tenants.refusals import N_, Message

LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That a person gave their password, and their second factor if they have one, for this purpose just now.

    `purpose` names the act and its object, like `sign_settlement:<ticket id>`. `at` is UTC.
    """

    account_id: UUID
    session_id: UUID
    purpose: str
    at: datetime
    address: str
    agent: str
    second_factor: bool


async def prove(
    door: Door, signed_in: SignedIn, *, purpose: str, password: str, code: str = "", origin: Origin, at: datetime
) -> Proof | TurnedAway:
    """Check the signed-in person's password, and their second factor if they have one, for one purpose.

    Failures count against the login as at sign-in: a stolen session must not be a way to guess the password.
    """
    account_id = signed_in.person.id
    async with door.open() as session:
        kept = select(Credential.login, Password.hash).join(Password, Password.account_id == Credential.account_id)
        login, hashed = (await session.execute(kept.where(Credential.account_id == account_id))).one()
        until = await count_failure(session, login_subject(login), OF_LOGIN, at=at)
        if until is not None:
            return too_often(until)
    if not await door.passwords.match(hashed, password):
        return TurnedAway(message=Message(N_("密码不正确。")))
    async with door.open() as session:
        await forgive(session, login_subject(login))
        enrolled = await is_enrolled(session, account_id)
        if enrolled:
            until = await count_failure(session, code_subject(account_id), OF_CODE, at=at)
            if until is not None:
                return too_often(until)
            if not await use_code(session, door.key, account_id, code, at=at):
                return TurnedAway(message=Message(N_("验证码不正确或已使用过。")))
            await forgive(session, code_subject(account_id))
    return Proof(
        account_id=account_id,
        session_id=signed_in.session_id,
        purpose=purpose,
        at=at,
        address=origin.address,
        agent=origin.agent,
        second_factor=enrolled,
    )


def require_proof(proof: Proof, purpose: str, *, by: Person, at: datetime) -> None:
    """Return when the proof is this person's, for this purpose and fresh; otherwise raise ProofMissing."""
    fresh = timedelta(0) <= at - proof.at <= LASTS
    if proof.account_id != by.id or proof.purpose != purpose or not fresh:
        raise ProofMissing
