"""What is particular to a key store of files: its root key, restored copies, and two processes at once."""

import asyncio
import json
import shutil
import stat
from pathlib import Path

import pytest

from confidentiality.errors import SealBroken
from confidentiality.keys.errors import KeyStoreLocked, WrappingKeyGone
from confidentiality.keys.local_kms import LocalKms
from confidentiality.keys.root_key import Protection, Protector, open_root, protect_anew

SECRET = bytes(range(32))
CONTEXT = b"merchant a"
MACHINE = Protector("machine", b"m" * 32)
PROTECTORS = [MACHINE, Protector("secret", b"s" * 32), Protector("passphrase", "一段口令".encode())]


def store(directory: Path, protector: Protector = MACHINE) -> LocalKms:
    return LocalKms(directory / "store", protector, destroyed=directory / "destroyed")


@pytest.mark.parametrize("protector", PROTECTORS, ids=lambda protector: protector.kind)
async def test_another_process_opens_the_same_store(tmp_path: Path, protector: Protector) -> None:
    first = store(tmp_path, protector)
    await first.make("one")
    wrapped = await first.wrap("one", SECRET, context=CONTEXT)
    second = store(tmp_path, protector)
    assert second.identity == first.identity
    assert await second.unwrap("one", wrapped, context=CONTEXT) == SECRET


@pytest.mark.parametrize("kind", ["machine", "secret", "passphrase"])
async def test_what_protects_wrongly_is_told_without_a_word_of_it(tmp_path: Path, kind: Protection) -> None:
    right = Protector(kind, b"r" * 32)
    store(tmp_path, right)
    given = b"hunter2 and so on, for 32 bytes or more"
    with pytest.raises(KeyStoreLocked, match="does not open with this") as refusal:
        store(tmp_path, Protector(kind, given))
    assert "hunter2" not in str(refusal.value)


async def test_another_kind_of_protection_is_named(tmp_path: Path) -> None:
    store(tmp_path, MACHINE)
    with pytest.raises(KeyStoreLocked, match="protected by machine, not by passphrase"):
        store(tmp_path, Protector("passphrase", b"anything"))


async def test_the_protection_changes_and_the_keys_stay(tmp_path: Path) -> None:
    first = store(tmp_path)
    await first.make("one")
    wrapped = await first.wrap("one", SECRET, context=CONTEXT)
    passphrase = Protector("passphrase", b"a new passphrase")
    protect_anew(tmp_path / "store", open_root(tmp_path / "store", MACHINE), passphrase)
    with pytest.raises(KeyStoreLocked):
        store(tmp_path)
    assert await store(tmp_path, passphrase).unwrap("one", wrapped, context=CONTEXT) == SECRET


@pytest.mark.parametrize("damage", ["{}", "not json", '{"protection": "machine"}', "[]"])
async def test_a_damaged_root_is_said_to_be_damaged(tmp_path: Path, damage: str) -> None:
    store(tmp_path)
    (tmp_path / "store" / "root").write_text(damage)
    with pytest.raises(KeyStoreLocked, match=r"damaged|cannot be read"):
        store(tmp_path)


async def test_a_missing_root_beside_keys_is_not_made_anew(tmp_path: Path) -> None:
    await store(tmp_path).make("one")
    (tmp_path / "store" / "root").unlink()
    with pytest.raises(KeyStoreLocked, match="missing beside the keys"):
        store(tmp_path)


async def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    kms = store(tmp_path)
    await kms.make("one")
    await kms.destroy("one")
    await kms.make("two")
    for file in (*(tmp_path / "store").glob("*.key"), tmp_path / "store" / "root", tmp_path / "destroyed"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


async def test_a_store_brought_back_from_a_backup_still_refuses_what_was_destroyed(tmp_path: Path) -> None:
    kms = store(tmp_path)
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    shutil.copytree(tmp_path / "store", tmp_path / "backup")
    await kms.destroy("one")
    shutil.rmtree(tmp_path / "store")
    shutil.copytree(tmp_path / "backup", tmp_path / "store")
    restored = store(tmp_path)
    with pytest.raises(WrappingKeyGone):
        await restored.unwrap("one", wrapped, context=CONTEXT)
    with pytest.raises(WrappingKeyGone):
        await restored.make("one")
    assert not (tmp_path / "store" / "one.key").exists()


async def test_what_one_process_destroys_another_refuses_at_once(tmp_path: Path) -> None:
    first, second = store(tmp_path), store(tmp_path)
    await first.make("one")
    wrapped = await second.wrap("one", SECRET, context=CONTEXT)
    await first.destroy("one")
    with pytest.raises(WrappingKeyGone):
        await second.unwrap("one", wrapped, context=CONTEXT)


async def test_a_key_file_put_in_anothers_place_opens_nothing(tmp_path: Path) -> None:
    kms = store(tmp_path)
    await kms.make("one")
    await kms.make("two")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    shutil.copy(tmp_path / "store" / "one.key", tmp_path / "store" / "two.key")
    with pytest.raises(SealBroken):
        await kms.unwrap("two", wrapped, context=CONTEXT)


async def test_rotations_at_the_same_time_each_add_a_version(tmp_path: Path) -> None:
    first, second = store(tmp_path), store(tmp_path)
    await first.make("one")
    added = await asyncio.gather(*(kms.rotate("one") for kms in (first, second) * 5))
    assert sorted(added) == list(range(2, 12))
    kept = json.loads((tmp_path / "store" / "one.key").read_text())
    assert len(kept["versions"]) == 11


async def test_no_name_leads_out_of_the_store(tmp_path: Path) -> None:
    kms = store(tmp_path)
    for name in ("../escape", "a/b", "", ".", "A", "x" * 65):
        with pytest.raises(ValueError, match="not the name"):
            await kms.make(name)
