"""What a person changes about their own sign-in: password and second factor. Each act takes a fresh Proof.

A change ends the person's other sessions, and gives the present one a new token for the cookie.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people import second_factor
from anshou.people.accounts import Credential
from anshou.people.deeds import PASSWORD_CHANGED, SECOND_FACTOR_CHANGED
from anshou.people.door import Door
from anshou.people.passwords import check_password, keep_password
from anshou.people.proving import Proof, require_proof
from anshou.people.second_factor import Enrolment
from anshou.people.web_sessions import EndedBecause, SignedIn, end_sessions, rotate
from confidentiality.audit.leaves import record

CHANGE_PASSWORD = "change_password"  # noqa: S105  The name of an act.
CHANGE_SECOND_FACTOR = "change_second_factor"


async def change_password(door: Door, signed_in: SignedIn, new: str, *, proof: Proof, at: datetime) -> str:
    """Sign in by another password from now on; returns the session's new token.

    Raises ProofMissing and PasswordUnfit.
    """
    person = signed_in.person
    require_proof(proof, CHANGE_PASSWORD, by=person, at=at)
    async with door.open() as session:
        login = await _login_of(session, signed_in)
    check_password(new, login=login)
    hashed = await door.passwords.hash(new)
    async with door.open() as session:
        await keep_password(session, person.id, hashed, at=at)
        await record(session, PASSWORD_CHANGED, actor=person.actor(), at=at, subject=person.id)
        return await _begin_anew(session, signed_in, EndedBecause.PASSWORD_CHANGED, at)


async def begin_second_factor(door: Door, signed_in: SignedIn, *, agency: str, proof: Proof, at: datetime) -> Enrolment:
    """Make a seed for the person's authenticator; it counts once `confirm_second_factor` saw a code of it.

    `agency` is the name the authenticator shows. Raises ProofMissing.
    """
    require_proof(proof, CHANGE_SECOND_FACTOR, by=signed_in.person, at=at)
    async with door.open() as session:
        login = await _login_of(session, signed_in)
        return await second_factor.begin_enrolment(
            session, door.key, signed_in.person.id, login=login, agency=agency, at=at
        )


async def confirm_second_factor(door: Door, signed_in: SignedIn, code: str, *, at: datetime) -> tuple[list[str], str]:
    """Ask for the second factor from now on; returns the recovery codes to show once, and the session's new token.

    Raises SecondFactorMissing and CodeWrong.
    """
    async with door.open() as session:
        codes = await second_factor.confirm_enrolment(session, door.key, signed_in.person.id, code, at=at)
        await _record_factor(session, signed_in, "enrolled", at)
        return codes, await _begin_anew(session, signed_in, EndedBecause.SECOND_FACTOR_CHANGED, at)


async def remove_second_factor(door: Door, signed_in: SignedIn, *, proof: Proof, at: datetime) -> str:
    """Ask for no second factor any more; returns the session's new token. Raises ProofMissing."""
    require_proof(proof, CHANGE_SECOND_FACTOR, by=signed_in.person, at=at)
    async with door.open() as session:
        await second_factor.remove(session, signed_in.person.id)
        await _record_factor(session, signed_in, "removed", at)
        return await _begin_anew(session, signed_in, EndedBecause.SECOND_FACTOR_CHANGED, at)


async def renew_recovery_codes(door: Door, signed_in: SignedIn, *, proof: Proof, at: datetime) -> list[str]:
    """Replace the recovery codes by new ones, to be shown once. Raises ProofMissing and SecondFactorMissing."""
    require_proof(proof, CHANGE_SECOND_FACTOR, by=signed_in.person, at=at)
    async with door.open() as session:
        await _record_factor(session, signed_in, "recovery_codes_renewed", at)
        return await second_factor.renew_recovery_codes(session, signed_in.person.id, at=at)


async def _login_of(session: AsyncSession, signed_in: SignedIn) -> str:
    login = await session.scalar(select(Credential.login).where(Credential.account_id == signed_in.person.id))
    if login is None:
        raise LookupError("a signed-in account has a credential")
    return login


async def _record_factor(session: AsyncSession, signed_in: SignedIn, what: str, at: datetime) -> None:
    person = signed_in.person
    await record(session, SECOND_FACTOR_CHANGED, actor=person.actor(), at=at, subject=person.id, body={"what": what})


async def _begin_anew(session: AsyncSession, signed_in: SignedIn, because: EndedBecause, at: datetime) -> str:
    await end_sessions(
        session, of=signed_in.person.id, because=because, at=at, but=signed_in.session_id, by=signed_in.person.actor()
    )
    return await rotate(session, signed_in.session_id)
