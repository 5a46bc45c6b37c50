"""`anshou invite` opens a new agency to its first administrator, and to nobody after that."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anshou.commands import invite
from anshou.people.door import Door
from anshou.people.errors import AlreadyAdministered
from anshou.people.invitations import Acceptance, accept
from anshou.people.roles import Role
from anshou.settings import Settings, read_settings
from tenants.errors import TenantNotFound
from tests.cast import PASSWORD
from tests.database import Database
from tests.people.entering import enter


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    secret = tmp_path / "secret"
    secret.write_text(database.secret.hex())
    secret.chmod(0o600)
    return read_settings(
        {
            "ANSHOU_DATABASE_URL": database.url,
            "ANSHOU_SECRET_FILE": str(secret),
            "ANSHOU_BASE_URL": "https://anshou.example",
        }
    )


async def link(settings: Settings, capsys: pytest.CaptureFixture[str], code: str = "anhe") -> str:
    asked = argparse.Namespace(code=code, name="许静", email="xu@agency.example")
    assert await invite.main(asked, settings) == 0
    return capsys.readouterr().out.strip()


async def test_the_link_makes_the_first_administrator_and_no_second(
    door: Door, settings: Settings, capsys: pytest.CaptureFixture[str], wiped: None
) -> None:
    first = await link(settings, capsys)
    second = await link(settings, capsys)
    beginning = "https://anshou.example/join/anhe/"
    assert first.startswith(beginning)
    now = datetime.now(UTC)
    acceptance = Acceptance(name="许静", login="admin", password=PASSWORD)
    await accept(door, first.removeprefix(beginning), acceptance, at=now)
    signed_in, _ = await enter(door, "admin", at=now)
    assert signed_in.person.roles == {Role.AGENCY_ADMIN}
    other = Acceptance(name="别人", login="other", password=PASSWORD)
    with pytest.raises(AlreadyAdministered):
        await accept(door, second.removeprefix(beginning), other, at=now)
    with pytest.raises(AlreadyAdministered):
        await link(settings, capsys)


async def test_an_unknown_agency_is_told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TenantNotFound):
        await link(settings, capsys, "nobody")
