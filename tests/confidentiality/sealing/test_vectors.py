"""The vectors in the documents are read, and written again byte by byte, by a program that knows only the documents."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from confidentiality.sealing.datakeys import DataKeys
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.suites import BY_NUMBER
from tests.confidentiality.sealing.reader import Reader, Vector
from tests.confidentiality.sealing.write_vectors import VECTORS

PUBLISHED: dict[str, list[Vector]] = json.loads(VECTORS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", PUBLISHED["cells"])
def test_a_published_cell_is_what_the_description_says(vector: Vector) -> None:
    reader, sealed, text = Reader(vector), bytes.fromhex(vector["sealed"]), vector["text"].encode()
    assert reader.open_cell(sealed) == text
    assert reader.seal_cell(text, sealed[41:53], int(vector["bucket"])) == sealed
    version = int(vector["key_version"])
    keys = DataKeys(
        tenant=UUID(vector["tenant"]),
        owner=UUID(vector["owner"]),
        suite=BY_NUMBER[int(vector["suite"])],
        current=version,
        data_keys={version: bytes.fromhex(vector["data_key"])},
    )
    cell = keys.cell(vector["table"], vector["column"])
    assert cell.open(sealed, UUID(vector["row"]), int(vector["seal_version"])) == text


@pytest.mark.parametrize("vector", PUBLISHED["indexes"])
def test_a_published_index_value_is_what_the_description_says(vector: Vector) -> None:
    value = Reader(vector).index_value(vector["index"], int(vector["bits"]), vector["part"])
    assert value.hex() == vector["value"]


@pytest.mark.parametrize("vector", PUBLISHED["files"])
async def test_a_published_file_is_what_the_description_says(vector: Vector) -> None:
    reader, sealed, text = Reader(vector), bytes.fromhex(vector["sealed"]), bytes.fromhex(vector["text"])
    assert reader.open_file(sealed) == text
    assert reader.seal_file(text, sealed[:74]) == sealed
    ring = KeyRing(
        tenant=UUID(vector["tenant"]),
        owner=UUID(vector["owner"]),
        suite=BY_NUMBER[int(vector["suite"])],
        current=1,
        data_keys={1: bytes.fromhex(vector["data_key"])},
        index_key=bytes(32),
    )

    async def pieces() -> AsyncIterator[bytes]:
        yield sealed

    opened = [piece async for piece in ring.open_stream(pieces(), file=UUID(vector["file"]))]
    assert b"".join(opened) == text
    assert len(opened) == max(1, -(-len(text) // 1024))


def test_both_suites_and_every_kind_are_published() -> None:
    assert {name: {vector["suite"] for vector in vectors} for name, vectors in PUBLISHED.items()} == {
        "cells": {"1", "2"},
        "indexes": {"1", "2"},
        "files": {"1", "2"},
    }
