"""The asset step: content decides names, nothing is done twice, what is stale goes."""

import gzip
import shutil
from pathlib import Path

import brotli
import pytest

from anshou.portal import assets, packages
from anshou.portal.asset_list import ICON_DIRECTORY, ICONS, LAYERED, PACKAGED

STYLE = b"a{}" * 1000 + b"\n/*# sourceMappingURL=x.map */"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> assets.Places:
    """A project whose packages are installed already, with small files in the place of large ones."""
    (tmp_path / "package-lock.json").write_text("{}")
    modules = tmp_path / "node_modules"
    for source in (*PACKAGED, LAYERED):
        path = modules / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(STYLE)
    for name in ICONS:
        path = modules / ICON_DIRECTORY / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('<svg\n  width="24">\n  <path d="M1 1" />\n</svg>')
    monkeypatch.setattr(packages, "install", lambda project, report: None)
    look = tmp_path / "look"
    shutil.copytree(assets.Places().look, look)
    return assets.Places(project=tmp_path, look=look, built=tmp_path / "built")


def test_a_file_is_named_by_its_content_and_has_compressed_siblings(places: assets.Places) -> None:
    manifest = assets.build(places)
    file = places.built / manifest.files["htmx.js"]
    assert file.read_bytes() == b"a{}" * 1000
    assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == file.read_bytes()
    assert brotli.decompress(Path(f"{file}.br").read_bytes()) == file.read_bytes()


def test_nothing_is_done_while_nothing_has_changed(places: assets.Places) -> None:
    told: list[str] = []
    assets.build(places, report=told.append)
    assert told
    told.clear()
    assets.build(places, report=told.append)
    assert told == []


def test_a_changed_source_changes_its_name_and_the_old_file_goes(places: assets.Places) -> None:
    before = assets.build(places)
    (places.look / "styles" / "tokens.css").write_text("b{}")
    after = assets.build(places)
    assert before.files["anshou.css"] != after.files["anshou.css"]
    assert before.files["htmx.js"] == after.files["htmx.js"]
    assert not (places.built / before.files["anshou.css"]).exists()


def test_a_missing_file_is_made_again(places: assets.Places) -> None:
    manifest = assets.build(places)
    (places.built / manifest.files["htmx.js"]).unlink()
    assets.build(places)
    assert (places.built / manifest.files["htmx.js"]).is_file()


def test_every_icon_is_a_symbol_of_the_sheet(places: assets.Places) -> None:
    manifest = assets.build(places)
    sheet = (places.built / manifest.files["icons.svg"]).read_text()
    assert all(f'<symbol id="{name}" viewBox="0 0 24 24"><path d="M1 1" /></symbol>' in sheet for name in ICONS)
