"""Writes `docs/seal-vectors.json`: `python -m tests.confidentiality.sealing.write_vectors`.

Made by the product's own code with random keys and nonces, so each run writes others; `test_vectors.py` checks what is
committed by another program.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

from confidentiality.sealing.datakeys import DataKeys
from confidentiality.sealing.fields import SealedField
from confidentiality.sealing.finding import exact, last, plan
from confidentiality.sealing.indexing import Indexer
from confidentiality.sealing.masks import order_number, phone
from confidentiality.sealing.padding import bucket
from confidentiality.sealing.streams import seal_chunks
from confidentiality.sealing.suites import Suite
from tests.house_rules.sources import REPOSITORY

VECTORS = REPOSITORY / "docs" / "seal-vectors.json"

TEXTS = ["", "13812341234", "张三丰", "广东省深圳市南山区科技园北路12号3栋", "x" * 200, "-1250"]
INDEXED = [(phone, "+86 138-1234-1234"), (phone, "１３９００００１１１１"), (order_number, "240101-123456789012345")]


async def main() -> None:
    """Write the file anew."""
    found = {
        "cells": [_cell(suite, text, at) for suite in Suite for at, text in enumerate(TEXTS, start=1)],
        "indexes": [each for suite in Suite for each in _indexes(suite)],
        "files": [await _file(suite, size) for suite in Suite for size in (0, 1000, 1024, 2500)],
    }
    VECTORS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _owner(suite: Suite) -> tuple[dict[str, str], UUID, UUID]:
    tenant, owner = uuid4(), uuid4()
    return {"suite": str(suite.number), "tenant": str(tenant), "owner": str(owner)}, tenant, owner


def _cell(suite: Suite, text: str, version: int) -> dict[str, str]:
    said, tenant, owner = _owner(suite)
    key, row, smallest = os.urandom(32), uuid4(), 16 if version % 2 else 32
    keys = DataKeys(tenant=tenant, owner=owner, suite=suite, current=version, data_keys={version: key})
    sealed = keys.cell("consumer_record", "phone", smallest).seal(text.encode(), row, version)
    return said | {
        "data_key": key.hex(),
        "key_version": str(version),
        "table": "consumer_record",
        "column": "phone",
        "row": str(row),
        "seal_version": str(version),
        "bucket": str(bucket(len(text.encode()), smallest)),
        "text": text,
        "sealed": sealed.hex(),
    }


def _indexes(suite: Suite) -> list[dict[str, str]]:
    said, tenant, owner = _owner(suite)
    key = os.urandom(32)
    indexer = Indexer(tenant=tenant, owner=owner, suite=suite, index_key=key)
    made: list[dict[str, str]] = []
    for mask, text in INDEXED:
        for find in ([exact(), last(4)], [exact(unique=True)]):
            field = SealedField("consumer_record", "phone", str, mask, "", 16, plan(find), True)
            values = indexer.values(field, text)
            made += [
                said
                | {
                    "index_key": key.hex(),
                    "table": field.table,
                    "column": field.name,
                    "index": index.name,
                    "bits": str(index.bits),
                    "text": text,
                    "part": index.find.part(mask.normal(text)),
                    "value": bytes(values[field.index_column(index)] or b"").hex(),
                }
                for index in field.indexes
            ]
    return made


async def _file(suite: Suite, size: int) -> dict[str, str]:
    said, tenant, owner = _owner(suite)
    key, file, text = os.urandom(32), uuid4(), bytes(at % 251 for at in range(size))

    async def pieces() -> AsyncIterator[bytes]:
        yield text

    # Chunks of 1 KiB, so that a short file has several of them.
    stream = seal_chunks(
        pieces(), key=key, suite=suite, key_version=1, tenant=tenant, owner=owner, file=file, chunk_log=10
    )
    sealed = b"".join([piece async for piece in stream])
    return said | {"data_key": key.hex(), "file": str(file), "text": text.hex(), "sealed": sealed.hex()}


if __name__ == "__main__":
    asyncio.run(main())
