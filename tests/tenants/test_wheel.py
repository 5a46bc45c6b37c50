"""The installed package brings its migrations along."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tenants.chains import control_chain, migrations_folder, tenant_chain

CHECKOUT = Path(__file__).parents[2]

ASK = """
from tenants.chains import control_chain, migrations_folder, tenant_chain
from tenants.snapshots import read_snapshot
print(migrations_folder(), control_chain().head, tenant_chain().head, read_snapshot().revision)
"""


def test_a_wheel_has_both_chains_and_the_snapshot(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    told = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert Path(told[0]) == installed / "anshou" / "_migrations"
    assert told[1:] == [control_chain().head, tenant_chain().head, tenant_chain().head]


def test_in_the_checkout_the_migrations_beside_the_code_count() -> None:
    assert migrations_folder() == CHECKOUT / "migrations"
