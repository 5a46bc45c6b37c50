"""ETag and If-Match: a change says which version its author had seen (RFC 9110 sections 8.8.3 and 13.1.1)."""

import re
from typing import Annotated

from litestar.params import HeaderParameter

from anshou.api.errors import VersionRequired, VersionUnreadable
from tenants.refusals import N_

# Versions are database integers; a longer number was never ours.
_ENTITY_TAG = re.compile(r'"([1-9][0-9]{0,8})"')


def entity_tag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


async def seen_version(
    if_match: Annotated[
        str | None,
        HeaderParameter(name="If-Match", description=N_("读取时得到的 ETag。此后有变化则返回 412。")),
    ] = None,
) -> int:
    """The version in If-Match. Raises VersionRequired without it, VersionUnreadable for anything but our ETag.

    `*` and lists are refused: they would say "whatever it is now", which is what the header is there to prevent.
    """
    if if_match is None:
        raise VersionRequired
    matched = _ENTITY_TAG.fullmatch(if_match.strip())
    if matched is None:
        raise VersionUnreadable
    return int(matched[1])
