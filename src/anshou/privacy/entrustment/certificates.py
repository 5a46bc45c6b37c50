"""The certificate (返还删除证明): what was returned and deleted, what a law keeps; frozen, numbered and signed."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import Contract
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.proving import Proof, require_proof
from anshou.privacy.entrustment.errors import StepNotOpen
from anshou.privacy.entrustment.returning import finished_report, hold
from anshou.privacy.entrustment.rows import Certificate, DataReturn, Step
from anshou.privacy.retention.due import SkipReason
from anshou.privacy.retention.registry import KINDS
from anshou.privacy.telling import tell_owners
from anshou.tickets.numbering import next_number
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

PREFIX = "ZM"
ISSUED = action("certificate.issued", N_("出具返还删除证明"))
CERTIFICATE_ISSUED = "certificate_issued"


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one kind the merchant took back. `missing` files were not in the storage any more."""

    kind: str
    label: str
    records: int
    files: int
    missing: int


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one kind was deleted, and what of it remains by its nature."""

    kind: str
    label: str
    subjects: int
    files: int
    stays: str


class Stayed(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one kind stays for the time being, and why."""

    kind: str
    label: str
    rows: int
    reason: str
    law: str


class CertificateText(msgspec.Struct, frozen=True, kw_only=True):
    """What the certificate says. Instants are UTC, sizes in bytes; what was returned is what was taken last."""

    number: str
    procedure: str
    agency: str
    merchant: str
    company: str
    contract: str
    choice: str
    returned_at: datetime | None
    returned_sha256: str
    # What came later has a default: certificates of before are frozen without it.
    returned_size: int = 0
    returned: tuple[Returned, ...] = ()
    erased_by: str
    erased_at: datetime
    gone: tuple[Gone, ...]
    stayed: tuple[Stayed, ...]
    key_destruction_proposed_at: datetime | None
    statement: str


STATEMENT = (
    "代运营方确认：受托处理的个人信息和保密资料已按上述方式返还或删除。备份中尚存的副本在到期或密钥销毁前不用于任何目的，"
    "恢复备份时会再次删除；依法须继续保存的内容仅用于法律规定的目的，期满后删除。"
)


def certificate_purpose(made: DataReturn) -> str:
    """What a person signs in again for, when they sign this certificate."""
    return f"sign_certificate:{made.id}"


def read_certificate(certificate: Certificate) -> CertificateText:
    """What the certificate says."""
    return msgspec.json.decode(certificate.document, type=CertificateText)


async def issue_certificate(
    session: AsyncSession, made: DataReturn, *, proof: Proof, by: Person, at: datetime
) -> Certificate:
    """Freeze and sign it, once, after the erasure. Raises ProofMissing, StepNotOpen, ErasureRunning."""
    authorize(by, Permission.SIGN_FOR_AGENCY)
    require_proof(proof, certificate_purpose(made), by=by, at=at)
    procedure = await hold(session, made)
    if procedure.certificate is not None:
        raise StepNotOpen
    report = await finished_report(session, procedure)
    settings = await read_settings(session)
    merchant = await visible_merchant(session, made.merchant_id)
    contract = await session.get_one(Contract, made.contract_id)
    erasing = procedure.step(Step.ERASING)
    if procedure.chosen is None or erasing is None or report.run.finished_at is None:
        raise StepNotOpen
    returned = procedure.returned
    destruction = procedure.step(Step.DESTRUCTION_PROPOSED)
    number = await next_number(session, PREFIX, at.astimezone(settings.zone).date())
    text = CertificateText(
        number=number,
        procedure=made.number,
        agency=settings.name or session.info["tenant"].name,
        merchant=merchant.name,
        company=merchant.company,
        contract=contract.number,
        choice=procedure.chosen.step.label,
        returned_at=returned.done_at if returned else None,
        returned_sha256=returned.details["sha256"] if returned else "",
        returned_size=returned.details["size"] if returned else 0,
        returned=_returned(returned.details) if returned else (),
        erased_by=(await names_of(session, [erasing.done_by])).get(erasing.done_by, ""),
        erased_at=report.run.finished_at,
        gone=tuple(
            Gone(
                kind=line.kind,
                label=KINDS[line.kind].label,
                subjects=line.subjects,
                files=line.files,
                stays=KINDS[line.kind].stays,
            )
            for line in report.lines
        ),
        stayed=tuple(
            Stayed(
                kind=skip.kind,
                label=KINDS[skip.kind].label,
                rows=skip.rows,
                reason=skip.reason.label,
                law=_law(skip.kind) if skip.reason is SkipReason.LAW else "",
            )
            for skip in report.skips
        ),
        key_destruction_proposed_at=destruction.done_at if destruction else None,
        statement=STATEMENT,
    )
    frozen = msgspec.json.encode(text, order="sorted")
    certificate = Certificate(
        merchant_id=made.merchant_id,
        return_id=made.id,
        number=number,
        document=frozen,
        sha256=sha256(frozen).hexdigest(),
        name=by.name,
        address=proof.address,
        session_id=proof.session_id,
        second_factor=proof.second_factor,
        signed_by=by.id,
        signed_at=at,
    )
    session.add(certificate)
    await session.flush()
    body = {"number": number, "sha256": certificate.sha256}
    owner = made.merchant_id
    await record(session, ISSUED, actor=by.actor(), at=at, owner=owner, subject=made.id, body=body)
    await tell_owners(session, CERTIFICATE_ISSUED, owner, subject=made.id, number=made.number)
    return certificate


def _returned(details: dict[str, Any]) -> tuple[Returned, ...]:
    # A package of before it was counted by kind has none.
    counted: dict[str, dict[str, int]] = details.get("kinds", {})
    return tuple(Returned(kind=kind, label=KINDS[kind].label, **counts) for kind, counts in counted.items())


def _law(kind: str) -> str:
    minimum = KINDS[kind].minimum
    return f"{minimum.law}：{minimum.why}" if minimum else ""
