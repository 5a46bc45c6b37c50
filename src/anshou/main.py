"""The composition root."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from litestar import Litestar

from anshou.api.door import open_api
from anshou.gate import health
from anshou.gate.cookies import Cookies
from anshou.gate.forgery import FormTokens
from anshou.gate.headers import guard_answers
from anshou.gate.live import Live
from anshou.gate.visits import Clock, Gate
from anshou.portal import assets
from anshou.portal.pages import Portal
from anshou.portal.rendering import Rendering
from anshou.portal.routes import EXCEPTION_HANDLERS, portal_router
from anshou.portal.static_files import read_static_files, static_file
from anshou.settings import Settings
from anshou.vaults import open_vault
from confidentiality.keys.news import KeyNews
from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.listening import Listener
from tenants.pool import PoolLimits
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage, open_storage

MEBIBYTE = 1024 * 1024

# A form may bring several large files; each is limited by itself.
FILES_AT_ONCE = 4


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    secret: bytes,
    tenants: Tenants | None = None,
    storage: ObjectStorage | None = None,
    clock: Clock = wall_clock,
    built: Path | None = None,
) -> Litestar:
    """The web application: portal and API over one set of tenants. `secret` is the root secret's 32 bytes.

    `tenants` and `storage` are opened from the settings, and the former closed at the end, unless given. Raises
    AssetsNotBuilt and SettingsInvalid.
    """
    https = settings.base_url.startswith("https://")
    vault = None if tenants else open_vault(settings, secret=secret, clock=clock)
    own = tenants or _tenants(settings, secret, vault)
    live = Live(own.control_login)
    ears: list[Listener | KeyNews] = [
        live.listener,
        *([KeyNews(settings.database_url, secret, vault)] if vault else []),
    ]
    static_files = read_static_files(built or assets.Places().built)
    cookies = Cookies(https)
    tokens = FormTokens(_key(secret, "form tokens"), settings.base_url, cookies)
    app = Litestar(
        route_handlers=[
            health.live,
            health.ready,
            static_file,
            portal_router(),
            open_api(settings, tenants=own, secret=secret, clock=clock),
        ],
        exception_handlers=dict(EXCEPTION_HANDLERS),
        before_send=[guard_answers(https=https)],
        request_max_body_size=(settings.upload_limit * FILES_AT_ONCE + 1) * MEBIBYTE,
        on_startup=[each.start for each in ears],
        on_shutdown=[*(each.stop for each in ears), *([] if tenants else [own.close])],
        openapi_config=None,
        logging_config=None,
    )
    app.state.static_files = static_files
    app.state.live = live
    app.state.gate = Gate(own, secret=secret, cookies=cookies, tokens=tokens, clock=clock)
    app.state.portal = Portal(
        Rendering(static_files),
        tokens,
        cookies,
        storage=storage or open_storage(settings.storage_url),
        upload_limit=settings.upload_limit * MEBIBYTE,
        robot_hosts=settings.robot_hosts,
        mailbox_hosts=settings.mailbox_hosts,
    )
    return app


def _tenants(settings: Settings, secret: bytes, vault: Vault | None) -> Tenants:
    limits = PoolLimits(total=settings.database_connections)
    return Tenants(settings.database_url, secret=secret, pool=limits, carry={CARRIED_AS: vault})


def _key(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"anshou.{purpose}.v1".encode()).derive(secret)
