"""How instants and labels are written on pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from anshou.language import languages
from anshou.portal.formats import inside, instant

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "at", "shown"),
    [
        ("zh-CN", datetime(2026, 11, 22, 7, 46, 5, tzinfo=UTC), "11-22 15:46"),
        ("en", datetime(2026, 11, 22, 7, 46, 5, tzinfo=UTC), "22 Nov 15:46"),
        ("zh-CN", datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59"),
        ("en", datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "31 Dec 2025 23:59"),
        # The last hours of the year in UTC are the next year's first in Shanghai.
        ("zh-CN", datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01 00:00"),
    ],
)
def test_an_instant_is_written_as_the_reader_writes_it(tag: str, at: datetime, shown: str) -> None:
    assert f">{shown}</time>" in instant(at, now=NOW, language=languages()[tag])


def test_an_instant_tells_machines_the_whole_of_it_in_utc() -> None:
    written = instant(datetime(2026, 11, 22, 7, 46, 5, tzinfo=UTC), now=NOW, zone=ZoneInfo("America/New_York"))
    assert 'datetime="2026-11-22T07:46:05+00:00"' in written
    assert 'title="2026-11-22 02:46:05"' in written


@pytest.mark.parametrize(
    ("label", "within"), [("Merchant", "merchant"), ("API keys", "API keys"), ("商家", "商家"), ("", "")]
)
def test_a_label_inside_a_sentence_has_no_capital_but_that_of_an_abbreviation(label: str, within: str) -> None:
    assert inside(label) == within
