"""Taking files in: what is accepted is told from the content, never from the name."""

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from tenants.files import NAME_LENGTH, FileEmpty, FileTooLarge, FileTypeRefused, receive_file, recognise, safe_name
from tenants.storage import ObjectMissing, ObjectStorage, open_storage

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(64)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def office(folder: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        for name in ("[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml"):
            parts.writestr(name, "<x/>")
    return archive.getvalue()


async def sent(content: bytes, step: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), step):
        yield content[start : start + step]


class OneKey:
    """A storage that remembers which key it was given last."""

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage
        self.key = ""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        self.key = key
        await self._storage.put(key, chunks)

    def read(self, key: str) -> AsyncIterator[bytes]:
        return self._storage.read(key)

    async def delete(self, key: str) -> None:
        await self._storage.delete(key)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.png", PNG, "image/png"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40), "image/jpeg"),
        ("moving.gif", b"GIF89a" + bytes(40), "image/gif"),
        ("small.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40), "image/webp"),
        ("phone.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        ("合同.pdf", b"%PDF-1.7\n" + bytes(40), "application/pdf"),
        ("说明.docx", office("word"), DOCX),
        ("对账.xlsx", office("xl"), XLSX),
        ("clip.mp4", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video/mp4"),
        ("订单.csv", "订单号,金额\r\n1,2\r\n".encode(), "text/csv"),
        ("订单.csv", b"\xef\xbb\xbf" + "订单号,金额\n".encode(), "text/csv"),
        ("订单.csv", "订单号,金额\n".encode("gb18030"), "text/csv"),
        ("说明.txt", "先生，您好\f第二页".encode(), "text/plain"),
    ],
)
def test_an_accepted_type_is_told_from_its_content(name: str, content: bytes, expected: str) -> None:
    assert recognise(content, name) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("picture.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("page.html", b"<!doctype html><p>"),
        ("page.txt", b"\xef\xbb\xbf \n<html><script>"),
        ("run.txt", b"#!/bin/sh\necho"),
        ("setup.exe", b"MZ" + bytes(100)),
        ("table.csv", b"MZ" + bytes(100)),
        ("program.txt", b"\x7fELF" + bytes(100)),
        ("archive.zip", b"PK\x03\x04" + bytes(100)),
        ("slides.pptx", office("ppt")),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("notes.md", b"plain text under a name that is not expected"),
        ("noname", b"plain text"),
        ("latin.txt", b"caf\xe9 \xff\xff"),
        ("wide.txt", "宽".encode("utf-16")),
    ],
)
def test_everything_else_is_refused_whatever_its_name(name: str, content: bytes) -> None:
    with pytest.raises(FileTypeRefused, match="可以上传"):
        recognise(content, name)


def test_text_that_is_cut_inside_a_character_is_still_text() -> None:
    assert recognise("很".encode()[:-1].rjust(8192, b"a"), "a.txt") == "text/plain"


async def test_a_received_file_carries_its_size_hash_and_type() -> None:
    storage = open_storage("memory:")
    content = PNG + bytes(100_000)
    file = await receive_file(storage, "t_one", "截图.png", sent(content), limit=2**20)
    assert (file.name, file.content_type, file.size) == ("截图.png", "image/png", len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.key.startswith("t_one/")
    assert b"".join([piece async for piece in storage.read(file.key)]) == content


async def test_a_file_of_exactly_the_limit_is_taken() -> None:
    file = await receive_file(open_storage("memory:"), "t_one", "a.png", sent(PNG.ljust(2**20)), limit=2**20)
    assert file.size == 2**20


async def test_one_byte_more_is_refused_names_the_limit_and_stores_nothing() -> None:
    storage = OneKey(open_storage("memory:"))
    with pytest.raises(FileTooLarge, match="1 MB"):
        await receive_file(storage, "t_one", "a.png", sent(PNG.ljust(2**20 + 1)), limit=2**20)
    with pytest.raises(ObjectMissing):
        await anext(storage.read(storage.key))


async def test_a_limit_is_enforced_while_the_sender_is_still_sending() -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield PNG.ljust(65536)
        while True:
            taken += 65536
            yield bytes(65536)

    with pytest.raises(FileTooLarge):
        await receive_file(open_storage("memory:"), "t_one", "a.png", endless(), limit=2**20)
    assert taken <= 2**20 + 65536


async def test_a_program_behind_a_page_of_text_is_refused() -> None:
    storage = OneKey(open_storage("memory:"))
    with pytest.raises(FileTypeRefused):
        await receive_file(storage, "t_one", "a.txt", sent(b"harmless " * 2000 + b"\x7fELF\x00"), limit=2**20)
    with pytest.raises(ObjectMissing):
        await anext(storage.read(storage.key))


async def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        await receive_file(open_storage("memory:"), "t_one", "a.txt", sent(b""), limit=2**20)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("截图.png", "截图.png"),
        ("IMG_01.PNG", "IMG_01.PNG"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\a\\截图.png", "截图.png"),
        ("invoice.exe", "invoice.exe.png"),
        ("photo\u202egnp.exe", "photognp.exe.png"),
        ("two\r\nlines.png", "twolines.png"),
        ("", "file.png"),
        (".png", "file.png"),
        ("..", "file.png"),
        ("长" * 300 + ".png", "长" * (NAME_LENGTH - 4) + ".png"),
    ],
)
def test_a_name_keeps_no_path_no_control_characters_and_the_ending_of_its_content(given: str, kept: str) -> None:
    assert safe_name(given, "image/png") == kept
