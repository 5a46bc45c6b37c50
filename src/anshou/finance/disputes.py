"""Disputed lines that are not resolved: whose turn it is, and until when. Finance answers, account managers follow."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.merchants.merchants import Merchant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.statements.rows import Statement, StatementLine, StatementWord, Word
from tenants.labels import Labelled
from tenants.refusals import N_

_LATER = aliased(StatementWord)

# As many as one page shows; more than that many open disputes want a meeting rather than a longer page.
MOST = 200


class Turn(Labelled):
    """Who has to say something next."""

    AGENCYS = "agencys", N_("待答复")
    MERCHANTS = "merchants", N_("已答复，商家未接受")


class Dispute(NamedTuple):
    """A disputed line, and what was said of it last."""

    statement: Statement
    line: StatementLine
    word: StatementWord
    merchant_name: str


_LAST = {Turn.AGENCYS: Word.DISPUTED, Turn.MERCHANTS: Word.REJECTED}


async def disputes_waiting(session: AsyncSession, *, by: Person, turn: Turn = Turn.AGENCYS) -> Sequence[Dispute]:
    """The disputes of the merchants that the person serves, the earliest due first, then the oldest.

    Raises PermissionMissing.
    """
    authorize(by, Permission.READ_DISPUTES)
    asked = (
        select(Statement, StatementLine, StatementWord, Merchant.name)
        .join(
            StatementLine,
            (StatementLine.merchant_id == Statement.merchant_id) & (StatementLine.statement_id == Statement.id),
        )
        .join(
            StatementWord,
            (StatementWord.merchant_id == StatementLine.merchant_id) & (StatementWord.line_id == StatementLine.id),
        )
        .join(Merchant, Merchant.id == Statement.merchant_id)
        .where(*_said_last(_LAST[turn]))
        .order_by(StatementWord.answer_by, StatementWord.id)
        .limit(MOST)
    )
    return [Dispute(*row) for row in await session.execute(asked)]


async def count_waiting(session: AsyncSession, *, by: Person) -> int:
    """How many wait for the agency's answer. Raises PermissionMissing."""
    authorize(by, Permission.READ_DISPUTES)
    return await session.scalar(select(func.count()).where(*_said_last(Word.DISPUTED))) or 0


def _said_last(word: Word) -> tuple[ColumnElement[bool], ...]:
    later = exists().where(
        _LATER.merchant_id == StatementWord.merchant_id,
        _LATER.line_id == StatementWord.line_id,
        _LATER.step > StatementWord.step,
    )
    # Only a dispute has a time to answer, and by that it is found.
    told = (StatementWord.answer_by.is_not(None),) if word is Word.DISPUTED else ()
    return (StatementWord.word == word, *told, ~later)
