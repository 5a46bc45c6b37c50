"""If-Match names exactly one version that its author had seen."""

import pytest

from anshou.api.errors import VersionRequired, VersionUnreadable
from anshou.api.versions import entity_tag, seen_version


async def test_the_tag_that_was_read_names_its_version() -> None:
    assert await seen_version(entity_tag(7)) == 7


async def test_a_change_without_a_version_is_refused() -> None:
    with pytest.raises(VersionRequired):
        await seen_version(None)


@pytest.mark.parametrize("header", ["*", "", "7", 'W/"7"', '"7", "8"', '"0"', '"-1"', '"x"', '"12345678901"', '"７"'])
async def test_anything_but_one_strong_tag_of_ours_is_refused(header: str) -> None:
    with pytest.raises(VersionUnreadable):
        await seen_version(header)
