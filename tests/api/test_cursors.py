"""A cursor leads on only in the list that issued it."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest

from anshou.api.cursors import pack, unpack
from anshou.api.errors import CursorInvalid

KEY = (datetime(2026, 11, 21, 9, tzinfo=UTC), UUID(int=7))
SHAPE = tuple[datetime, UUID]
FILTERS = {"tab": "mine", "kind": ["data_anomaly"]}


def test_a_cursor_gives_back_the_sort_key() -> None:
    assert unpack(pack("tickets", FILTERS, KEY), "tickets", FILTERS, SHAPE) == KEY


def test_a_cursor_is_safe_in_a_query_string() -> None:
    assert set(pack("tickets", FILTERS, KEY)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    ("list_name", "filters"), [("merchants", FILTERS), ("tickets", {"tab": "all"}), ("tickets", {})]
)
def test_a_cursor_of_another_list_is_refused(list_name: str, filters: object) -> None:
    with pytest.raises(CursorInvalid):
        unpack(pack("tickets", FILTERS, KEY), list_name, filters, SHAPE)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "====", "not base64!", "é", base64.b64encode(b"[]").decode(), base64.b64encode(b'["a"').decode()],
)
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        unpack(cursor, "tickets", FILTERS, SHAPE)


def test_a_sort_key_of_another_shape_is_refused() -> None:
    with pytest.raises(CursorInvalid):
        unpack(pack("tickets", FILTERS, ("later", 5)), "tickets", FILTERS, SHAPE)
