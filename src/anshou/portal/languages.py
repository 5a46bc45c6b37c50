"""The switch between Chinese and English, kept in the browser for a year and with the account of who is signed in."""

from litestar import Response, post

from anshou.gate import cookies
from anshou.gate.callers import Asked
from anshou.gate.visits import gate_of
from anshou.language import languages
from anshou.people.accounts import Locale, choose_locale
from anshou.portal.addresses import local_address
from anshou.portal.pages import go_to, portal_of


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
        if caller := await gate_of(request).identify_if_signed_in(request):
            async with gate_of(request).door(caller.tenant).open() as session:
                await choose_locale(session, caller.person, Locale(chosen))
    return response
