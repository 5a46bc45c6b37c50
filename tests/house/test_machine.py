"""A suite whose program is missing is left out and says so, or fails where that is not allowed."""

import pytest

from tests import machine

ABSENT = machine.Need("a-program-that-nobody-has", ("a-program-that-nobody-has",), (), "nothing")


def test_without_its_program_a_suite_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STRICT", False)
    with pytest.raises(pytest.skip.Exception, match="a-program-that-nobody-has is not on this machine: nothing left"):
        machine.require(ABSENT)


def test_where_nothing_may_be_left_out_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STRICT", True)
    with pytest.raises(pytest.fail.Exception, match="nothing left out"):
        machine.require(ABSENT)


def test_what_cannot_be_installed_is_named_and_is_a_failure_only_in_strict_runs(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "NEEDS", (ABSENT,))
    monkeypatch.setattr(machine, "STRICT", False)
    assert machine.main() == 0
    assert "left out: nothing, because a-program-that-nobody-has is not on this machine" in capfd.readouterr().err
    monkeypatch.setattr(machine, "STRICT", True)
    assert machine.main() == 1
