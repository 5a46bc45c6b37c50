"""An attachment is handed out under a consent, listed to the merchant, and only while the consent is in force."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.privacy.disclosures.documents import read_document
from anshou.privacy.disclosures.errors import NotCovered
from anshou.privacy.disclosures.exporting import release_file
from anshou.privacy.disclosures.kinds import Format
from anshou.privacy.disclosures.reading import exports_of
from anshou.privacy.disclosures.rows import DisclosureExport
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tests.privacy.disclosures.desk import Desk


async def release(desk: Desk, by: Person | None = None, attachment: UUID | None = None) -> DisclosureExport:
    """Somebody hands out the one attachment of the ticket."""
    by = by or desk.cast.account_manager
    consent = await desk.seen_by(by)
    attachment = attachment or read_document(consent.disclosure).files[0].id
    _, kept = await release_file(desk.session, consent.disclosure, attachment, by=by, at=desk.now)
    return kept


async def test_what_was_handed_out_is_listed_to_the_merchant_with_its_digest_and_its_leaf(desk: Desk) -> None:
    await desk.request()
    await desk.sign()
    first, second = await release(desk), await release(desk)
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.file_name == f"{desk.number}-01"
    await write_leaves(desk.session)
    consent = await desk.seen_by(desk.cast.owner)
    listed = (await exports_of(desk.session, desk.cast.owner, [consent]))[consent.disclosure.id]
    assert [one.id for one in listed] == [second.id, first.id]
    assert (listed[0].format, listed[0].sha256) == (Format.FILE, read_document(consent.disclosure).files[0].sha256)
    await desk.seen_by(desk.cast.supervisor)
    leaves = select(AuditLeaf.leaf_hash).where(AuditLeaf.action == "disclosure.exported").order_by(AuditLeaf.id)
    assert list(await desk.session.scalars(leaves)) == [first.leaf_hash, second.leaf_hash]


async def test_nothing_is_handed_out_before_the_signature_or_after_the_withdrawal(desk: Desk) -> None:
    await desk.request()
    with pytest.raises(NotCovered, match="待商家签署"):
        await release(desk)
    await desk.sign()
    await desk.withdraw()
    with pytest.raises(NotCovered, match="已撤回"):
        await release(desk)


async def test_another_attachment_is_not_handed_out(desk: Desk) -> None:
    await desk.request()
    await desk.sign()
    with pytest.raises(NotCovered, match="1 个附件"):
        await release(desk, attachment=uuid4())


async def test_who_may_only_read_hands_nothing_out(desk: Desk) -> None:
    await desk.request()
    await desk.sign()
    for person in (desk.cast.executive, desk.cast.auditor, desk.cast.admin, desk.cast.owner):
        with pytest.raises(PermissionMissing):
            await release(desk, person)
