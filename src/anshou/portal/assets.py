"""Prepare what the browser loads: fetch the pinned packages, copy, name by content, compress. No bundler.

`anshou assets` does it once; it is skipped while nothing it reads has changed. Names carry a hash of the content, so
the server may tell browsers to keep a file for good, and a new release never meets an old style sheet.
"""

import gzip
import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
import msgspec

from anshou.portal import packages
from anshou.portal.asset_list import ICON_DIRECTORY, ICON_SHEET, ICONS, LAYERED, OWN, PACKAGED, STYLE_SHEET, STYLES

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
MANIFEST = "manifest.json"

# Every Tabler drawing begins with this invisible square.
EMPTY_GROUND = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'

# Below this size a compressed sibling costs more in bookkeeping than it saves on the wire.
WORTH_COMPRESSING = 512


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was built: published name to file name with hash, the icons of the sheet, and what it was built from."""

    fingerprint: str
    files: dict[str, str]
    icons: list[str]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the step reads and writes; the defaults are those of a checkout."""

    project: Path = HERE.parents[2]
    look: Path = HERE / "look"
    built: Path = HERE / "static" / "built"

    @property
    def modules(self) -> Path:
        """The installed npm packages."""
        return self.project / "node_modules"

    @property
    def lock(self) -> Path:
        """The pins of the npm packages."""
        return self.project / "package-lock.json"


def build(places: Places | None = None, *, report: Callable[[str], None] = log.info) -> Manifest:
    """Make the built directory match its sources and return its manifest; `report` is told what takes time.

    Files are replaced one by one under names that depend on their content and the manifest comes last, so that a server
    reading the directory meanwhile never sees half of anything.
    """
    places = places or Places()
    fingerprint = _fingerprint(places)
    if (built := read_manifest(places.built)) and built.fingerprint == fingerprint and _complete(places.built, built):
        return built
    packages.install(places.project, report=report)
    report("preparing style sheets, scripts and icons")
    places.built.mkdir(parents=True, exist_ok=True)
    files = {name: _publish(places.built, name, content) for name, content in _contents(places)}
    manifest = Manifest(fingerprint=fingerprint, files=files, icons=sorted(ICONS))
    _write(places.built / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    _remove_strangers(places.built, manifest)
    return manifest


def read_manifest(built: Path) -> Manifest | None:
    """The manifest of a built directory, or None where there is none yet or it is of another release."""
    try:
        return msgspec.json.decode((built / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _fingerprint(places: Places) -> str:
    """A hash over everything that decides the result: pins, own files, and the code of this step."""
    code = [Path(__file__), HERE / "asset_list.py"]
    own = [places.look / source.path for source in OWN] + [places.look / "styles" / name for name in STYLES]
    digest = hashlib.sha256()
    for path in [places.lock, *code, *own]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _complete(built: Path, manifest: Manifest) -> bool:
    return all((built / name).is_file() for name in manifest.files.values())


def _contents(places: Places) -> Iterator[tuple[str, bytes]]:
    for source in PACKAGED:
        yield source.name, _without_map((places.modules / source.path).read_bytes())
    layered = _without_map((places.modules / LAYERED.path).read_bytes()).replace(b'@charset "UTF-8";', b"", 1)
    yield LAYERED.name, b"@layer tabler {" + layered + b"}"
    yield STYLE_SHEET, b"\n".join((places.look / "styles" / name).read_bytes() for name in STYLES)
    for source in OWN:
        yield source.name, (places.look / source.path).read_bytes()
    yield ICON_SHEET, _icon_sheet(places.modules / ICON_DIRECTORY)


def _without_map(content: bytes) -> bytes:
    """Without the pointer to a source map, which is not published: a browser's tools would ask for it in vain."""
    return re.sub(rb"\s*/[/*]# sourceMappingURL=\S+( \*/)?\s*$", b"", content)


def _icon_sheet(directory: Path) -> bytes:
    """One SVG with a symbol per icon, drawn with the colour and stroke of the text around it."""
    symbols = []
    for name in sorted(ICONS):
        drawing = (directory / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        if inner is None:
            raise ValueError(f"{name}.svg is not an SVG drawing")
        shapes = re.sub(r"\s*\n\s*", "", inner[1]).replace(EMPTY_GROUND, "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _publish(built: Path, name: str, content: bytes) -> str:
    """Write a file and its compressed siblings; return its published file name, e.g. `anshou.1f0c9b7a52d1.css`."""
    stem, _, suffix = name.rpartition(".")
    published = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    if (built / published).exists():
        return published
    if len(content) > WORTH_COMPRESSING:
        _write(built / f"{published}.br", brotli.compress(content, quality=11))
        _write(built / f"{published}.gz", gzip.compress(content, 9, mtime=0))
    _write(built / published, content)
    return published


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _remove_strangers(built: Path, manifest: Manifest) -> None:
    keep = {MANIFEST} | {name + sibling for name in manifest.files.values() for sibling in ("", ".br", ".gz")}
    for path in built.iterdir():
        if path.name not in keep and not path.name.startswith("."):
            path.unlink(missing_ok=True)
