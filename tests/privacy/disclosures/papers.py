"""Consents on paper: documents and rows made without a database, for what is decided purely."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from anshou.privacy.disclosures.documents import (
    CoveredField,
    CoveredFile,
    CoveredRow,
    CoveredTable,
    Document,
    Recipient,
    canonical,
)
from anshou.privacy.disclosures.kinds import EndSort, Part, RecipientKind
from anshou.privacy.disclosures.rows import Consent, ConsentEnd, ConsentSignature, Disclosure

BEGIN, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
MIDST = datetime(2026, 11, 23, 2, tzinfo=UTC)
MERCHANT, PERSON = uuid4(), uuid4()


def table(name: str, fields: dict[str, bool], rows: dict[UUID, bool]) -> CoveredTable:
    """A table with its columns and records, each told whether it is sensitive."""
    return CoveredTable(
        table=name,
        label=name,
        fields=tuple(CoveredField(column=column, label=column, sensitive=flag) for column, flag in fields.items()),
        rows=tuple(CoveredRow(id=row, ticket="FW2611-00001", sensitive=flag) for row, flag in rows.items()),
    )


def document(*tables: CoveredTable, files: Iterable[CoveredFile] = ()) -> Document:
    """A text that covers these tables, for a carrier."""
    return Document(
        number="DW2611-00001",
        agency="安和",
        merchant="云杉户外",
        company="云杉户外有限公司",
        recipient=Recipient(name="安速物流", kind=RecipientKind.CARRIER, contact="400"),
        purpose="理赔",
        tickets=("FW2611-00001",),
        tables=tables,
        files=tuple(files),
        necessity="",
        valid_from=date(2026, 11, 1),
        valid_until=date(2026, 12, 31),
        statements=("同意",),
        sensitive_statements=(),
    )


def consent(
    paper: Document,
    *,
    signed: Iterable[Part] = (Part.GENERAL,),
    ended: dict[Part, EndSort] | None = None,
) -> Consent:
    """The paper with these parts signed and ended."""
    frozen = canonical(paper)
    digest = sha256(frozen).hexdigest()
    disclosure = Disclosure(
        merchant_id=MERCHANT,
        number=paper.number,
        recipient_name=paper.recipient.name,
        recipient_kind=paper.recipient.kind,
        purpose=paper.purpose,
        asks_sensitive=True,
        valid_from=BEGIN,
        valid_until=END,
        document=frozen,
        sha256=digest,
        requested_by=PERSON,
        requested_at=BEGIN,
    )
    of: dict[str, Any] = {"merchant_id": MERCHANT, "disclosure_id": disclosure.id}
    signatures = [
        ConsentSignature(
            part=part,
            name="云飞",
            address="203.0.113.7",
            session_id=PERSON,
            second_factor=True,
            sha256=digest,
            signed_by=PERSON,
            signed_at=BEGIN,
            **of,
        )
        for part in signed
    ]
    ends = [
        ConsentEnd(part=part, sort=sort, reason="", ended_by=PERSON, ended_at=BEGIN, **of)
        for part, sort in (ended or {}).items()
    ]
    return Consent(disclosure, signatures, ends)
