"""Accounts for settling: numbers that can be ones, sealed, found again, retired."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.accounts import (
    AccountCard,
    accounts_of,
    is_credit_code,
    is_identity_number,
    keep_account,
    masked_accounts,
    retire_account,
)
from anshou.merchants.errors import AccountKept, AccountNotFound
from anshou.people.errors import PermissionMissing
from tenants.shapes import ShapeInvalid, accept
from tests.cast import NOW, Anhe
from tests.conftest import ActAs

# Made up, with check digits that fit: the region 000000 is nobody's.
IDENTITY = "00000019900101123"
CARD = AccountCard(bank="招商银行杭州分行", holder="云杉户外用品", number="6225 8801 2345 6789")


def with_check(body: str) -> str:
    return next(body + digit for digit in "0123456789X" if is_identity_number(body + digit))


async def test_an_account_is_kept_sealed_and_shown_masked(session: AsyncSession, anhe: Anhe) -> None:
    card = AccountCard(bank=CARD.bank, holder=CARD.holder, number=CARD.number, identity_number=with_check(IDENTITY))
    await keep_account(session, anhe.yunshan.id, card, by=anhe.finance, at=NOW)
    accounts = await accounts_of(session, anhe.yunshan.id)
    (masked,) = await masked_accounts(session, accounts)
    assert masked == {"holder": "云*", "number": "****6789", "identity_number": f"0****{with_check(IDENTITY)[-1]}"}
    rows = str([row[0] for row in await session.execute(text("SELECT to_jsonb(a) FROM settlement_account a"))])
    assert "622588" not in rows
    assert "云杉户外用品" not in rows


async def test_the_same_number_is_kept_once_however_it_is_written(session: AsyncSession, anhe: Anhe) -> None:
    await keep_account(session, anhe.yunshan.id, CARD, by=anhe.finance, at=NOW)
    again = AccountCard(bank=CARD.bank, holder="另一个户名", number="６２２５８８０１２３４５６７８９")
    with pytest.raises(AccountKept):
        await keep_account(session, anhe.yunshan.id, again, by=anhe.finance, at=NOW)
    await keep_account(session, anhe.qinghe.id, CARD, by=anhe.finance, at=NOW)


async def test_a_retired_account_is_gone_from_the_list_and_can_be_kept_anew(session: AsyncSession, anhe: Anhe) -> None:
    account = await keep_account(session, anhe.yunshan.id, CARD, by=anhe.finance, at=NOW)
    await retire_account(session, anhe.yunshan.id, account.id, by=anhe.finance, at=NOW)
    assert list(await accounts_of(session, anhe.yunshan.id)) == []
    with pytest.raises(AccountNotFound):
        await retire_account(session, anhe.yunshan.id, account.id, by=anhe.finance, at=NOW)
    await keep_account(session, anhe.yunshan.id, CARD, by=anhe.finance, at=NOW)


async def test_who_may_not_keep_accounts_is_refused(session: AsyncSession, anhe: Anhe) -> None:
    for person in (anhe.account_manager, anhe.executive, anhe.owner):
        with pytest.raises(PermissionMissing):
            await keep_account(session, anhe.yunshan.id, CARD, by=person, at=NOW)


async def test_another_merchant_sees_no_account(session: AsyncSession, anhe: Anhe, act_as: ActAs) -> None:
    await keep_account(session, anhe.yunshan.id, CARD, by=anhe.finance, at=NOW)
    await act_as(anhe.other_owner.context())
    assert list(await accounts_of(session, anhe.yunshan.id)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "12345"), ("number", "6225-ABCD-2345-6789"), ("identity_number", "123456789012345670")],
)
def test_numbers_that_cannot_be_ones_are_refused_naming_the_field(field: str, value: str) -> None:
    given = {"bank": "招商银行", "holder": "云杉", "number": "6225880123456789", field: value}
    with pytest.raises(ShapeInvalid) as refused:
        accept(AccountCard, given)
    assert list(refused.value.fields) == [field]


def test_check_digits() -> None:
    """The examples of the two standards' texts: GB 11643-1999 annex, GB 32100-2015 annex."""
    assert is_identity_number("11010519491231002X")
    assert is_identity_number("440524188001010014")
    assert not is_identity_number("110105194912310021")
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y44")
