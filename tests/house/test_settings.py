"""The environment is read once, and what is wrong with it is said by name."""

from pathlib import Path

import pytest

from anshou.cli import EXIT_CONFIGURATION, main
from anshou.commands.settings import page
from anshou.settings import Settings, SettingsInvalid, read_settings
from anshou.variables import VARIABLES

REPOSITORY = Path(__file__).parents[2]

# What each refuses in particular; where nothing stands here, a sign that no setting contains.
WRONG = {
    "ANSHOU_CHECKPOINT_DIR": "\0",
    "ANSHOU_DATA_DIR": "\0",
    "ANSHOU_DATABASE_URL": "mysql://root:hunter2@db/anshou",
    "ANSHOU_HOST": "not a host",
    "ANSHOU_PORT": "65536",
    "ANSHOU_BASE_URL": "https://example.test/below",
    "ANSHOU_WEB_WORKERS": "0",
    "ANSHOU_TRUSTED_PROXIES": "10.0.0.0/8;evil",
    "ANSHOU_WORKER_THREADS": "many",
    "ANSHOU_DATABASE_CONNECTIONS": "3",
    "ANSHOU_DATABASE_TOLERATE": "everything",
    "ANSHOU_SECRET_FILE": "\0",
    "ANSHOU_KMS_URL": "ftp://keys.test/store",
    "ANSHOU_KMS_PROTECTION": "none",
    "ANSHOU_KMS_PASSPHRASE_FILE": "\0",
    "ANSHOU_KMS_TOKEN_FILE": "\0",
    "ANSHOU_SMTP_URL": "http://mail.test",
    "ANSHOU_MAIL_FROM": "nobody",
    "ANSHOU_STORAGE_URL": "file://host/share",
    "ANSHOU_BROKER_URL": "redis://localhost",
    "ANSHOU_UPLOAD_LIMIT": "1_0",
    "ANSHOU_DEMO": "1",
    "ANSHOU_LOG_LEVEL": "chatty",
}


def test_an_empty_environment_gives_the_embedded_product_on_this_machine() -> None:
    settings = read_settings({})
    assert settings.embedded_database
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.secret_file == settings.data_dir / "secret"
    assert settings.storage_url == (Path.cwd() / ".anshou" / "objects").as_uri()
    assert settings.kms_url == (Path.cwd() / ".anshou" / "keys").as_uri()


def test_every_variable_has_a_field_and_every_field_a_variable() -> None:
    assert {variable.field for variable in VARIABLES} == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_a_wrong_value_is_refused_with_its_name_and_what_was_expected(variable) -> None:
    wrong = WRONG.get(variable.name, "§")
    with pytest.raises(SettingsInvalid) as refusal:
        read_settings({variable.name: wrong})
    (problem,) = refusal.value.problems
    assert problem.startswith(f"{variable.name}: expected {variable.expected}")
    assert (wrong not in problem) or not variable.secret


def test_a_misspelt_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsInvalid, match="ANSHOU_PROT: no such setting; did you mean ANSHOU_PORT"):
        read_settings({"ANSHOU_PROT": "8001"})


def test_all_problems_come_at_once() -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        read_settings({"ANSHOU_PORT": "x", "ANSHOU_DEMO": "maybe", "ANSHOU_NONSENSE_ENTIRELY": "1"})
    assert len(refusal.value.problems) == 3


def test_switches_of_the_tests_are_no_settings() -> None:
    read_settings({"ANSHOU_TEST_STRICT": "1"})


def test_an_ipv6_address_is_bracketed_in_the_address_that_people_type() -> None:
    assert read_settings({"ANSHOU_HOST": "::1"}).base_url == "http://[::1]:8000"


def test_the_command_line_says_what_is_wrong_and_exits_as_a_configuration_error(monkeypatch, capsys) -> None:
    monkeypatch.setenv("ANSHOU_PORT", "eighty")
    assert main(["settings"]) == EXIT_CONFIGURATION
    assert "ANSHOU_PORT: expected a whole number from 1 to 65535, got 'eighty'" in capsys.readouterr().err


def test_passwords_are_not_shown(monkeypatch, capsys) -> None:
    monkeypatch.setenv("ANSHOU_DATABASE_URL", "postgresql://owner:hunter2@db/anshou")
    assert main(["settings"]) == 0
    shown = capsys.readouterr().out
    assert "hunter2" not in shown
    assert "(given)" in shown


def test_the_page_of_settings_is_the_one_that_the_table_writes() -> None:
    assert (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8") == page()
