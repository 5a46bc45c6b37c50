"""A page may outlive the session that it was made in: left open over night, or signed out of in another tab."""

from litestar import Response, get
from litestar.enums import MediaType

from anshou.gate.callers import Asked
from anshou.gate.forgery import HEADER
from anshou.gate.visits import gate_of
from anshou.portal.pages import fragment, portal_of, whose


@get("/session")
async def session_of_page(request: Asked) -> Response[str]:
    """What has become of the session of the page that asks; `of` says whose page it is.

    While its person is signed in, also anew: nothing but a token for its forms, in the header `x-form-token`. Else what
    the page has to say about that, without a token: its forms must not be sent in the name of somebody else, nor for
    another merchant of the same person.
    """
    caller = await gate_of(request).identify_if_signed_in(request)
    if caller is None or whose(caller.person) != request.query_params.get("of"):
        return fragment(request, "entrance/_outlived.html", is_somebody=caller is not None)
    tokens = portal_of(request).tokens
    token = tokens.issue(tokens.binding(request))
    return Response("", media_type=MediaType.HTML, headers={HEADER: token})
