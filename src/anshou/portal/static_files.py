"""The door to the built files: names that contain their hash, kept by browsers for good, compressed beforehand.

All files together are about two megabytes and are held in memory. A name is looked up, never turned into a path.
"""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.params import FromPath

from anshou.portal.assets import Manifest, read_manifest
from tenants.refusals import N_, NotFound

PREFIX = "/static"
FOR_GOOD = "public, max-age=31536000, immutable"

# Best first. Browsers offer `br` over TLS only.
ENCODINGS = {"br": ".br", "gzip": ".gz"}


class AssetNotFound(NotFound):
    """Raised when a static file is asked for that this release does not have."""


class AssetsNotBuilt(Exception):
    """Raised at start when the built directory is missing; `anshou assets` makes it."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: what it is, and its bytes by content encoding (the empty name is as it is)."""

    media_type: str
    content: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Every built file by its published name, and the manifest that names them."""

    manifest: Manifest
    files: dict[str, StaticFile]

    def address(self, name: str) -> str:
        """Where the browser finds the file that templates call `name`."""
        return f"{PREFIX}/{self.manifest.files[name]}"


def read_static_files(built: Path) -> StaticFiles:
    """Read the built directory into memory. Raises AssetsNotBuilt."""
    manifest = read_manifest(built)
    if manifest is None:
        raise AssetsNotBuilt(f"no assets in {built}: run `anshou assets`")
    return StaticFiles(manifest, {name: _read(built / name) for name in manifest.files.values()})


@route(
    f"{PREFIX}/{{name:str}}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=False, opt={"public": True}
)
def static_file(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """A built file, compressed if the browser takes that."""
    files: StaticFiles = request.app.state.static_files
    if name not in files.files:
        raise AssetNotFound(N_("没有找到这个文件"))
    file = files.files[name]
    headers = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
    encoding = _encoding(request.headers.get("accept-encoding", ""), file)
    if encoding:
        headers["content-encoding"] = encoding
    return Response(file.content[encoding], media_type=file.media_type, headers=headers)


def _read(path: Path) -> StaticFile:
    content = {"": path.read_bytes()}
    for encoding, suffix in ENCODINGS.items():
        sibling = path.with_name(path.name + suffix)
        if sibling.exists():
            content[encoding] = sibling.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    # litestar adds the character set to text itself.
    return StaticFile(kind, content)


def _encoding(accepted: str, file: StaticFile) -> str:
    """The best encoding that the browser names and does not refuse with `q=0`; empty for none."""
    offers = {part.split(";")[0].strip().lower(): part for part in accepted.split(",")}
    for encoding in ENCODINGS:
        offer = offers.get(encoding, "")
        if offer and encoding in file.content and not offer.replace(" ", "").endswith((";q=0", ";q=0.0")):
            return encoding
    return ""
