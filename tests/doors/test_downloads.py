"""What a browser is told about a stored file."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar, get
from litestar.response import Stream
from litestar.testing import AsyncTestClient

from anshou.downloads import disposition, send_file
from tenants.files import StoredFile
from tenants.storage import ObjectMissing, ObjectStorage, open_storage

PDF = StoredFile("t_one/1", '合同 "甲".pdf', "application/pdf", 300_000, "")
PNG = StoredFile("t_one/2", "截图.png", "image/png", 8, "")


async def stored(*files: StoredFile) -> ObjectStorage:
    storage = open_storage("memory:")
    for file in files:

        async def content(size: int = file.size) -> AsyncIterator[bytes]:
            yield b"x" * size

        await storage.put(file.key, content())
    return storage


async def test_a_file_is_streamed_as_a_download_that_is_never_sniffed() -> None:
    storage = await stored(PDF)

    @get("/file")
    async def file() -> Stream:
        return await send_file(storage, PDF, inline=True)

    async with AsyncTestClient(Litestar([file])) as browser:
        answer = await browser.get("/file")
    assert len(answer.content) == PDF.size
    assert answer.headers["content-length"] == str(PDF.size)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize(("asked", "told"), [(True, "inline"), (False, "attachment")])
async def test_only_an_image_that_is_asked_for_is_shown_inline(asked: bool, told: str) -> None:
    answer = await send_file(await stored(PNG), PNG, inline=asked)
    assert answer.headers["Content-Disposition"].startswith(told + ";")


async def test_a_file_that_is_gone_is_told_before_anything_is_answered() -> None:
    with pytest.raises(ObjectMissing):
        await send_file(open_storage("memory:"), PNG)


def test_a_name_cannot_end_the_header_or_its_quotes() -> None:
    header = disposition('a"; filename=evil.exe\r\nSet-Cookie: x\\', "attachment")
    assert "\r" not in header
    assert header.count('"') == 2
    assert "filename*=UTF-8''a%22%3B%20filename%3Devil.exe%0D%0ASet-Cookie%3A%20x%5C" in header
