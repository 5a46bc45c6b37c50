"""The composition root."""

from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from litestar import Litestar
from litestar.exceptions import HTTPException

from anshou.gate.cookies import Cookies
from anshou.gate.forgery import FormTokens
from anshou.gate.headers import guard_answers
from anshou.portal import assets, error_pages, languages
from anshou.portal.pages import Portal
from anshou.portal.rendering import Rendering
from anshou.portal.static_files import read_static_files, static_file
from anshou.settings import Settings
from tenants.refusals import Refusal

MEBIBYTE = 1024 * 1024
FORM_ALLOWANCE = MEBIBYTE


def create_app(settings: Settings, *, secret: bytes, built: Path | None = None) -> Litestar:
    """The web application: portal and API over one set of tenants. `secret` is the root secret's 32 bytes.

    Raises AssetsNotBuilt.
    """
    https = settings.base_url.startswith("https://")
    static_files = read_static_files(built or assets.Places().built)
    cookies = Cookies(https)
    app = Litestar(
        route_handlers=[static_file, languages.switch_language],
        exception_handlers={
            Refusal: error_pages.refused,
            HTTPException: error_pages.http_error,
            Exception: error_pages.broken,
        },
        before_send=[guard_answers(https=https)],
        request_max_body_size=settings.upload_limit * MEBIBYTE + FORM_ALLOWANCE,
        openapi_config=None,
        logging_config=None,
    )
    app.state.static_files = static_files
    app.state.portal = Portal(
        Rendering(static_files), FormTokens(_key(secret, "form tokens"), settings.base_url, cookies), cookies
    )
    return app


def _key(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"anshou.{purpose}.v1".encode()).derive(secret)
