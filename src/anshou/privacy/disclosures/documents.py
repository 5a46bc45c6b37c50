"""The text of a consent: frozen as bytes, and the bytes are what is shown, hashed, signed and handed to the merchant.

It names tickets by number and rows by id, and never says what stands in them.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from anshou.privacy.disclosures.kinds import RecipientKind
from anshou.privacy.disclosures.rows import Disclosure
from tenants.refusals import N_


class Recipient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who receives, and how they are reached: what PIPL art. 23 has told to the person concerned."""

    name: Annotated[str, Meta(title=N_("接收方名称"), min_length=1, max_length=120, pattern=r"\S")]
    kind: Annotated[RecipientKind, Meta(title=N_("接收方类型"))]
    contact: Annotated[str, Meta(title=N_("接收方联系方式"), min_length=1, max_length=200, pattern=r"\S")]


class CoveredField(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of thing that may be handed out. `sensitive` ones need the separate consent on every row."""

    column: str
    label: str
    sensitive: bool = False


class CoveredRow(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a ticket. On a `sensitive` one, of a private product, every field needs the separate consent."""

    id: UUID
    ticket: str
    sensitive: bool = False


class CoveredTable(msgspec.Struct, frozen=True, kw_only=True):
    """The fields and the records of one table."""

    table: str
    label: str
    fields: tuple[CoveredField, ...]
    rows: tuple[CoveredRow, ...]


class CoveredFile(msgspec.Struct, frozen=True, kw_only=True):
    """One attachment of a ticket, known by the hash of its content; its name could tell what is in it."""

    id: UUID
    ticket: str
    sha256: str
    size: int
    sensitive: bool = False


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What a consent says, as it is signed. `statements` are the sentences that the signature confirms."""

    number: str
    agency: str
    merchant: str
    company: str
    recipient: Recipient
    purpose: str
    tickets: tuple[str, ...]
    tables: tuple[CoveredTable, ...]
    files: tuple[CoveredFile, ...]
    necessity: str
    valid_from: date
    valid_until: date
    statements: tuple[str, ...]
    sensitive_statements: tuple[str, ...]

    def has_sensitive(self) -> bool:
        """Whether anything in it needs the separate consent."""
        tables = [table for table in self.tables if table.rows]
        fields = any(field.sensitive for table in tables for field in table.fields)
        rows = any(row.sensitive for table in tables for row in table.rows)
        return fields or rows or any(file.sensitive for file in self.files)


# Part of the signed text and therefore of one wording: a document says forever what it said when it was signed.
STATEMENTS = (
    "本商家已阅读并了解接收方、提供目的、提供的数据种类与范围以及有效期，同意代运营方在上述范围内向接收方提供。",
    "同意仅限上述接收方、目的、范围和有效期；超出任何一项须重新征得书面同意。",
    "代运营方每次提供均留有记录，本商家可随时查看；本商家可随时撤回同意，撤回不影响撤回前已完成的提供。",
)
SENSITIVE_STATEMENTS = (
    "本商家已了解上述范围含敏感个人信息或私密产品信息，以及提供的必要性和对个人权益的影响，"
    "并确认已依法取得相关个人的单独同意或具备其他合法依据。",
    "本商家对提供敏感个人信息作出单独同意；未作出的，代运营方不得提供该部分内容。",
)


def canonical(document: Document) -> bytes:
    """The one sequence of bytes for a document: JSON in UTF-8, keys in order, no spaces."""
    return msgspec.json.encode(document, order="sorted")


def read_document(disclosure: Disclosure) -> Document:
    """What the disclosure says."""
    return msgspec.json.decode(disclosure.document, type=Document)
