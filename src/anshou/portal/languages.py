"""The switch between Chinese and English, kept in the browser for a year."""

from litestar import Response, post

from anshou.gate import cookies
from anshou.language import languages
from anshou.portal.pages import Asked, go_to, portal_of


@post("/language", status_code=303)
async def switch_language(request: Asked) -> Response[str]:
    """Remember the language and return to the page."""
    portal = portal_of(request)
    await portal.tokens.check(request)
    form = await request.form()
    response = go_to(request, local_address(str(form.get("back", "/"))))
    chosen = str(form.get("language", ""))
    if chosen in languages():
        response.cookies.append(portal.cookies.set(cookies.LANGUAGE, chosen, seconds=cookies.YEAR))
    return response


def local_address(address: str) -> str:
    """The address if it leads into this portal, else the first page: a form must not send people elsewhere."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside else "/"
