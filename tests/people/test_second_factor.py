"""The second factor: codes of an authenticator, recovery codes, and signing in again for one act."""

import asyncio
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from anshou.people.delays import OF_CODE
from anshou.people.door import Door
from anshou.people.errors import CodeWrong, ProofMissing, SecondFactorMissing
from anshou.people.own_sign_in import (
    CHANGE_SECOND_FACTOR,
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
)
from anshou.people.proving import LASTS, Proof, prove, require_proof
from anshou.people.second_factor import SecondFactor, recovery_codes_left
from anshou.people.signing_in import (
    CHALLENGE_LASTS,
    Admitted,
    SecondFactorAsked,
    TurnedAway,
    answer_second_factor,
)
from tests.cast import NOW, PASSWORD, Anhe
from tests.people.entering import HERE, attempt, enrol, enter, proof_of, seen

STEP = timedelta(seconds=30)


async def asked(door: Door, login: str = "admin") -> str:
    challenge = await attempt(door, login)
    assert isinstance(challenge, SecondFactorAsked)
    return challenge.token


async def answer(door: Door, token: str, code: str, *, after: timedelta = timedelta(0)) -> Admitted | TurnedAway:
    return await answer_second_factor(door, token=token, code=code, origin=HERE, at=NOW + after)


async def enrolled(door: Door, login: str = "admin") -> tuple[pyotp.TOTP, list[str]]:
    signed_in, _ = await enter(door, login)
    totp, codes, _ = await enrol(door, signed_in)
    return totp, codes


async def test_who_has_a_second_factor_is_asked_for_it(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    token = await asked(door)
    assert await seen(door, token) is None
    admitted = await answer(door, token, totp.at(NOW))
    assert isinstance(admitted, Admitted)
    signed_in = await seen(door, admitted.token)
    assert signed_in is not None
    assert signed_in.second_factor
    assert signed_in.person == anhe.admin


async def test_a_code_is_accepted_once(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    assert isinstance(await answer(door, await asked(door), totp.at(NOW)), Admitted)
    assert isinstance(await answer(door, await asked(door), totp.at(NOW)), TurnedAway)
    assert isinstance(await answer(door, await asked(door), totp.at(NOW + STEP), after=STEP), Admitted)


async def test_a_code_older_than_one_already_used_is_not_accepted(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    assert isinstance(await answer(door, await asked(door), totp.at(NOW + STEP), after=STEP), Admitted)
    assert isinstance(await answer(door, await asked(door), totp.at(NOW), after=STEP), TurnedAway)


async def test_two_requests_with_one_code_let_one_in(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    tokens = [await asked(door) for _ in range(3)]
    outcomes = await asyncio.gather(*(answer(door, token, totp.at(NOW)) for token in tokens))
    assert sum(isinstance(outcome, Admitted) for outcome in outcomes) == 1


async def test_phones_may_be_a_step_off_but_not_two(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    token = await asked(door)
    assert isinstance(await answer(door, token, totp.at(NOW + 2 * STEP)), TurnedAway)
    assert isinstance(await answer(door, token, totp.at(NOW + STEP)), Admitted)


async def test_a_recovery_code_lets_in_once_however_it_is_typed(door: Door, anhe: Anhe) -> None:
    _, codes = await enrolled(door)
    assert len(set(codes)) == 10
    typed = codes[0].upper().replace("-", " ")
    assert isinstance(await answer(door, await asked(door), typed), Admitted)
    assert isinstance(await answer(door, await asked(door), codes[0]), TurnedAway)
    async with door.open() as session:
        assert await recovery_codes_left(session, anhe.admin.id) == 9


async def test_one_recovery_code_in_two_requests_lets_one_in(door: Door, anhe: Anhe) -> None:
    _, codes = await enrolled(door)
    tokens = [await asked(door) for _ in range(3)]
    outcomes = await asyncio.gather(*(answer(door, token, codes[3]) for token in tokens))
    assert sum(isinstance(outcome, Admitted) for outcome in outcomes) == 1


async def test_renewed_recovery_codes_replace_the_old_ones(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "admin")
    totp, codes, _ = await enrol(door, signed_in)
    proof = await proof_of(door, signed_in, CHANGE_SECOND_FACTOR, code=totp.at(NOW))
    renewed = await renew_recovery_codes(door, signed_in, proof=proof, at=NOW)
    assert isinstance(await answer(door, await asked(door), codes[0]), TurnedAway)
    assert isinstance(await answer(door, await asked(door), renewed[0]), Admitted)


async def test_the_code_of_one_person_is_not_good_for_another(door: Door, anhe: Anhe) -> None:
    _, codes = await enrolled(door)
    await enrolled(door, "executive")
    assert isinstance(await answer(door, await asked(door, "executive"), codes[0]), TurnedAway)


async def test_a_challenge_ends_after_five_minutes_and_after_success(door: Door, anhe: Anhe) -> None:
    totp, codes = await enrolled(door)
    late = await answer(door, await asked(door), codes[0], after=CHALLENGE_LASTS)
    assert isinstance(late, TurnedAway)
    assert late.start_again
    token = await asked(door)
    assert isinstance(await answer(door, token, totp.at(NOW)), Admitted)
    for worthless in (token, "never issued"):
        again = await answer(door, worthless, codes[1])
        assert isinstance(again, TurnedAway)
        assert again.start_again


async def test_wrong_codes_are_delayed_ever_longer_however_often_the_password_is_right(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    for _ in range(OF_CODE.free):
        wrong = await answer(door, await asked(door), "000000")
        assert isinstance(wrong, TurnedAway)
        assert wrong.retry_at is None
    blocked = await answer(door, await asked(door), totp.at(NOW))
    assert isinstance(blocked, TurnedAway)
    assert blocked.retry_at == NOW + OF_CODE.first
    assert isinstance(await answer(door, await asked(door), totp.at(NOW + STEP), after=STEP), Admitted)


async def test_a_seed_counts_only_after_its_first_code(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "admin")
    with pytest.raises(SecondFactorMissing):
        await confirm_second_factor(door, signed_in, "000000", at=NOW)
    proof = await proof_of(door, signed_in, CHANGE_SECOND_FACTOR)
    enrolment = await begin_second_factor(door, signed_in, agency="安和电商", proof=proof, at=NOW)
    assert enrolment.uri.startswith("otpauth://totp/")
    with pytest.raises(CodeWrong):
        await confirm_second_factor(door, signed_in, pyotp.TOTP(enrolment.seed).at(NOW + 9 * STEP), at=NOW)
    assert isinstance(await attempt(door, "admin"), Admitted)


async def test_the_seed_is_sealed_in_the_database(door: Door, anhe: Anhe) -> None:
    totp, _ = await enrolled(door)
    async with door.open() as session:
        sealed = await session.scalar(select(SecondFactor.sealed_seed))
    assert sealed is not None
    assert totp.secret.encode() not in sealed
    assert door.key.open(sealed, owner=anhe.admin.id, purpose="second_factor") == totp.secret.encode()


async def test_setting_it_up_ends_the_other_sessions_and_renews_the_present_token(door: Door, anhe: Anhe) -> None:
    _, elsewhere = await enter(door, "admin")
    signed_in, token = await enter(door, "admin")
    _, _, renewed = await enrol(door, signed_in)
    assert await seen(door, elsewhere) is None
    assert await seen(door, token) is None
    assert await seen(door, renewed) is not None


async def test_without_it_signing_in_takes_the_password_again(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "admin")
    totp, _, _ = await enrol(door, signed_in)
    proof = await proof_of(door, signed_in, CHANGE_SECOND_FACTOR, code=totp.at(NOW))
    await remove_second_factor(door, signed_in, proof=proof, at=NOW)
    assert isinstance(await attempt(door, "admin"), Admitted)
    with pytest.raises(SecondFactorMissing):
        await renew_recovery_codes(door, signed_in, proof=proof, at=NOW)


async def test_a_proof_says_who_when_and_from_where(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "yunshan-owner")
    proof = await proof_of(door, signed_in, "sign_settlement:1")
    assert proof == Proof(
        account_id=anhe.owner.id,
        session_id=signed_in.session_id,
        purpose="sign_settlement:1",
        at=NOW,
        address=HERE.address,
        agent=HERE.agent,
        second_factor=False,
    )
    require_proof(proof, "sign_settlement:1", by=anhe.owner, at=NOW + LASTS)


async def test_a_proof_is_good_for_its_purpose_its_person_and_five_minutes(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "yunshan-owner")
    proof = await proof_of(door, signed_in, "sign_settlement:1")
    with pytest.raises(ProofMissing):
        require_proof(proof, "sign_settlement:2", by=anhe.owner, at=NOW)
    with pytest.raises(ProofMissing):
        require_proof(proof, "sign_settlement:1", by=anhe.member, at=NOW)
    with pytest.raises(ProofMissing):
        require_proof(proof, "sign_settlement:1", by=anhe.owner, at=NOW + LASTS + timedelta(seconds=1))


async def test_a_proof_takes_the_second_factor_from_who_has_one(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "admin")
    totp, _, _ = await enrol(door, signed_in)
    for code in ("", "000000"):
        refused = await prove(door, signed_in, purpose="x", password=PASSWORD, code=code, origin=HERE, at=NOW)
        assert isinstance(refused, TurnedAway)
    assert (await proof_of(door, signed_in, "x", code=totp.at(NOW))).second_factor


async def test_a_stolen_session_is_no_way_to_guess_the_password(door: Door, anhe: Anhe) -> None:
    signed_in, _ = await enter(door, "admin")
    for _ in range(5):
        wrong = await prove(door, signed_in, purpose="x", password="guess", origin=HERE, at=NOW)
        assert isinstance(wrong, TurnedAway)
        assert wrong.retry_at is None
    blocked = await prove(door, signed_in, purpose="x", password=PASSWORD, origin=HERE, at=NOW)
    assert isinstance(blocked, TurnedAway)
    assert blocked.retry_at is not None
