"""The page of something that is shown this once: a link or a key of which only a hash is kept."""

from litestar import Response

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.pages import page, portal_of


def link_to(request: Asked, visit: Visit, entrance: str, token: str) -> str:
    """The whole address to give to somebody: `entrance` is `join` or `set-password`."""
    return f"{portal_of(request).tokens.base_url}/{entrance}/{visit.tenant.code}/{token}"


def show_once(
    request: Asked,
    *,
    heading: str,
    said: str,
    label: str,
    secret: str,
    advice: str,
    back: str,
    trail: list[tuple[str, str]],
) -> Response[str]:
    """The secret with a button to copy it; all texts are in the reader's language."""
    return page(
        request,
        "administration/shown_once.html",
        status_code=200,
        heading=heading,
        said=said,
        label=label,
        secret=secret,
        advice=advice,
        back=back,
        trail=trail,
    )
