"""Light or dark: what the device says, unless this browser was told otherwise.

Kept in a cookie, because it is about the screen that somebody sits at and not about who they are.
"""

from typing import get_args

from litestar import Response, post

from anshou.gate import cookies
from anshou.gate.callers import Asked
from anshou.portal.addresses import local_address
from anshou.portal.pages import Theme, go_to, portal_of


@post("/theme", status_code=303)
async def switch_theme(request: Asked) -> Response[str]:
    """Remember the choice and return to the page; what is no theme changes nothing."""
    portal = portal_of(request)
    await portal.tokens.check(request)
    form = await request.form()
    response = go_to(request, local_address(str(form.get("back", "/"))))
    chosen = str(form.get("theme", ""))
    if chosen in get_args(Theme):
        response.cookies.append(portal.cookies.set(cookies.THEME, chosen, seconds=cookies.YEAR))
    return response
