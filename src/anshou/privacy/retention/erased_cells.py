"""Which sealed cells an erasure takes away, for the record: one that is missing without a leaf was taken by others."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.sealed_tables import know_all
from confidentiality.sealing.cells import note_gone
from confidentiality.sealing.fields import all_sealed_models, sealed_fields
from tenants.base import Base
from tenants.erasing import Content, Erasure


async def note_erased(session: AsyncSession, erasures: Iterable[Erasure]) -> None:
    """Note every cell that these erasures will empty; in the transaction that erases, before it does."""
    know_all()
    models: dict[str, Any] = {model.__tablename__: model for model in all_sealed_models(Base)}  # type: ignore[attr-defined]
    for erasure in erasures:
        for content in erasure.contents:
            model = models.get(content.table)
            if model is not None:
                await _note(session, model, content, erasure)


async def _note(session: AsyncSession, model: Any, content: Content, erasure: Erasure) -> None:
    fields = [name for name in sealed_fields(model) if not content.columns or name in content.columns]
    if not fields:
        return
    # As `control.erase` finds them.
    by = getattr(model, content.by)
    wanted = by.in_([subject for subject, _ in erasure.subjects])
    if content.by != "id":
        wanted = tuple_(model.merchant_id, by).in_([(merchant, subject) for subject, merchant in erasure.subjects])
    query = select(model.id, model.seal_version, model.merchant_id).where(wanted)
    if content.only is not None:
        query = query.where(getattr(model, content.only[0]).in_(content.only[1]))
    note_gone(session.sync_session, model, (await session.execute(query)).all(), fields)
