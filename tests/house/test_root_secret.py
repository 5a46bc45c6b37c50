"""The root secret is made once, kept from others, and never made anew beside existing data."""

import stat
from pathlib import Path

import pytest

from anshou.house.root_secret import root_secret
from anshou.settings import Settings, SettingsInvalid, read_settings


def _settings(directory: Path, **more: str) -> Settings:
    return read_settings({"ANSHOU_DATA_DIR": str(directory), **more})


def test_the_first_start_makes_it_and_the_second_reads_the_same(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "fresh")
    made = root_secret(settings)
    assert len(made) == 32
    assert stat.S_IMODE(settings.secret_file.stat().st_mode) == 0o600
    assert root_secret(settings) == made


def test_beside_an_existing_database_a_missing_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"ANSHOU_SECRET_FILE: .* does not exist"):
        root_secret(_settings(tmp_path, ANSHOU_DATABASE_URL="postgresql://owner@db/anshou"))


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o644])
def test_one_that_others_may_read_or_the_group_may_change_is_refused(tmp_path: Path, mode: int) -> None:
    settings = _settings(tmp_path)
    root_secret(settings)
    settings.secret_file.chmod(mode)
    with pytest.raises(SettingsInvalid, match="chmod 600"):
        root_secret(settings)


@pytest.mark.parametrize("text", ["", "0" * 63, "g" * 64, "geheim"])
def test_one_that_is_not_32_bytes_is_refused_without_being_quoted(tmp_path: Path, text: str) -> None:
    settings = _settings(tmp_path)
    settings.secret_file.write_text(text)
    settings.secret_file.chmod(0o600)
    with pytest.raises(SettingsInvalid, match="32 bytes in hexadecimal") as refusal:
        root_secret(settings)
    assert not text or text not in str(refusal.value).replace(str(settings.secret_file), "")
