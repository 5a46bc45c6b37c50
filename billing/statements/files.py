"""Files that came with a word about a line: what proves a dispute, and what proves the answer to it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from billing.statements.rows import StatementWord
from confidentiality.keys.file_places import declare_sealed_files
from tenants.base import Base, MerchantRow

declare_sealed_files("statement_file")


class StatementFile(MerchantRow, Base):
    """A file in the storage, sealed for the merchant.

    `sha256` is of its plain content, in hexadecimal; `size` is in bytes.
    """

    __tablename__ = "statement_file"

    statement_id: Mapped[UUID]
    word_id: Mapped[UUID]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    storage_key: Mapped[str]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]


async def files_of(session: AsyncSession, words: Collection[StatementWord]) -> Mapping[UUID, Sequence[StatementFile]]:
    """The files of each word that has any, by the word's id, in the order in which they were added."""
    asked = select(StatementFile).where(
        StatementFile.merchant_id.in_({word.merchant_id for word in words}),
        StatementFile.word_id.in_([word.id for word in words]),
    )
    found: dict[UUID, list[StatementFile]] = defaultdict(list)
    for file in await session.scalars(asked.order_by(StatementFile.id)):
        found[file.word_id].append(file)
    return dict(found)
