"""Every sealed column of the product is checked by the database: no plain text enters it by raw SQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.sealing.ddl import is_sealed
from confidentiality.sealing.fields import all_sealed_models, sealed_fields
from tenants.base import Base
from tests.conftest import session as product_session
from tests.house_rules.sources import modules

modules()
MODELS = all_sealed_models(Base)

product = product_session


def _columns(model: type) -> Iterator[tuple[str, int | None]]:
    """The sealed columns, and the index columns with the bytes of their values."""
    for name, field in sealed_fields(model).items():
        yield name, None
        for index in field.indexes:
            yield field.index_column(index), index.size


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
async def test_sealed_columns_have_their_checks_and_indexes(product: AsyncSession, model: type) -> None:
    table: Table = model.__table__
    found = await product.execute(
        text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(:table) AND contype = 'c'"
        ),
        {"table": table.name},
    )
    checks = " ".join(definition.replace("(", "").replace(")", "") for (definition,) in found)
    for column, size in _columns(model):
        if size is None:
            start, length = is_sealed(column).replace("(", "").replace(")", "").split(" AND ")
            assert length in checks, column
            assert start.split("::")[0].replace("substr", "substr") in checks, column
        else:
            assert f"octet_length{column} = {size}" in checks, column
    indexed = await product.execute(
        text("SELECT indexdef FROM pg_indexes WHERE tablename = :table"), {"table": table.name}
    )
    definitions = [definition for (definition,) in indexed]
    for name, field in sealed_fields(model).items():
        wanted = ", ".join(
            [*(["merchant_id"] if field.has_merchant else []), *(field.index_column(index) for index in field.indexes)]
        )
        assert not field.indexes or any(f"({wanted}" in definition for definition in definitions), name


def test_the_product_has_sealed_fields_with_chinese_names() -> None:
    assert MODELS
    nameless = [
        f"{model.__name__}.{name}"
        for model in MODELS
        for name, field in sealed_fields(model).items()
        if not field.label
    ]
    assert nameless == []
