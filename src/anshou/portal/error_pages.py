"""What a visitor sees when something is refused or breaks: what happened, in their language, and where to go on.

A refusal's own message is shown, for it is written for the person who asked. An unforeseen error shows none of its
text, only a number under which the log holds it.
"""

import logging
import secrets
import traceback
from urllib.parse import quote

from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from anshou.gate import cookies
from anshou.gate.callers import Asked, SignInNeeded, caller_of
from anshou.gate.forgery import FormExpired
from anshou.gate.live import LIVE
from anshou.portal.pages import address_of, go_to, language_of, page, page_before, portal_of, wants_fragment
from confidentiality.keys.errors import KeysOutOfReach
from tenants.errors import DatabaseUnavailable, TenantSuspended
from tenants.refusals import N_, Conflict, Invalid, NotFound, NotPermitted, Refusal

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Refusal], int], ...] = ((NotFound, 404), (NotPermitted, 403), (Conflict, 409), (Invalid, 422))

# Of a suspended agency: its people read on, and are told why they cannot write.
SUSPENDED = (N_("服务已暂停"), "lock")

EXPIRED = (N_("页面已过期"), "refresh")

# Heading, what to do, icon. By status code.
SAID: dict[int, tuple[str, str, str]] = {
    400: (N_("请求无法识别"), N_("请返回上一页重试。"), "alert-circle"),
    403: (N_("没有权限"), N_("您的角色不能进行这项操作，如有需要请联系管理员。"), "lock"),
    404: (N_("没有找到这个页面"), N_("它可能已经移动，或者您没有查看它的权限。"), "search"),
    405: (N_("请求无法识别"), N_("请返回上一页重试。"), "alert-circle"),
    409: (N_("内容已被他人更新"), N_("请刷新后查看最新情况再操作。"), "refresh"),
    413: (N_("文件太大"), N_("请缩小文件后再上传。"), "upload"),
    422: (N_("内容有误"), N_("请返回上一页检查填写的内容。"), "alert-circle"),
    429: (N_("操作过于频繁"), N_("请稍后再试。"), "clock"),
    500: (
        N_("系统出错了"),
        N_("我们已记录这个问题，请稍后重试。若仍出现，请把下面的代码告诉管理员。"),
        "alert-triangle",
    ),
    503: (N_("系统暂时繁忙"), N_("请稍后重试。"), "clock"),
}


def refused(request: Asked, refusal: Refusal) -> Response[str]:
    """The page of a refusal."""
    return _error(request, status_of(refusal), language_of(request).refusal(refusal), refusal=refusal)


def status_of(refusal: Refusal) -> int:
    """The status code that tells programs what kind of refusal it is."""
    return next((status for kind, status in STATUS if isinstance(refusal, kind)), 409)


def sign_in_needed(request: Asked, _: SignInNeeded) -> Response[str]:
    """To the sign-in page, and back afterwards where that makes sense.

    What a page asks by itself, its stream and its parts, is led nowhere: the answer would give the browser a cookie
    that is not that of the sign-in form which its person has before them at that moment. Nor does any answer take the
    cookie of the ended session away: the forms of every open page are bound to it, and are led here when they are sent.
    """
    if request.url.path == LIVE or request.headers.get("hx-request") == "true":
        return Response("", media_type=MediaType.TEXT, status_code=204)
    following = quote(address_of(request), safe="") if request.method == "GET" and not wants_fragment(request) else ""
    return go_to(request, f"/sign-in?next={following}" if following not in ("", "%2F") else "/sign-in")


def unavailable(request: Asked, _: DatabaseUnavailable) -> Response[str]:
    """The page while the database cannot be reached."""
    return _error(request, 503)


def keys_out_of_reach(request: Asked, trouble: KeysOutOfReach) -> Response[str]:
    """The page while the keys of confidential data cannot be had. What is wrong with them is for the operator."""
    log.error("%s: %s", type(trouble).__name__, trouble)
    return _error(request, 503)


def at_the_end(request: Asked, errors: ExceptionGroup[Exception]) -> Response[str]:
    """What the end of the transaction made of an error.

    litestar wraps it in a group when a dependency answers an error with another one, as the tenant's session does
    when it says in our words what the database refused.
    """
    first = errors.exceptions[0]
    match first:
        case Refusal():
            return refused(request, first)
        case DatabaseUnavailable():
            return unavailable(request, first)
        case KeysOutOfReach():
            return keys_out_of_reach(request, first)
        case _:
            return broken(request, first)


def http_error(request: Asked, error: HTTPException) -> Response[str]:
    """The page of an answer that the server itself refuses: no such route, too large, malformed."""
    return _error(request, error.status_code if error.status_code in SAID else 400)


def broken(request: Asked, error: Exception) -> Response[str]:
    """The page of an unforeseen error. The log names the kind of error and the way to it, never its message."""
    incident = secrets.token_hex(4)
    way = [f"  {at.filename}:{at.lineno} in {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    log.error("incident %s: %s\n%s", incident, type(error).__name__, "\n".join(way))
    return _error(request, 500, incident=incident)


def _error(
    request: Asked, status: int, text: str = "", incident: str = "", refusal: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    heading, advice, icon_name = SAID[status]
    if isinstance(refusal, TenantSuspended):
        heading, icon_name = SUSPENDED
    came_from = ""
    if isinstance(refusal, FormExpired):
        heading, icon_name = EXPIRED
        came_from = page_before(request)
    inside = caller_of(request) is not None
    # Of an address that no page has, nobody asks who calls: whoever has a session is led on by the first page.
    jar = portal_of(request).cookies
    is_known = inside or bool(request.cookies.get(jar.name(cookies.SESSION)))
    return page(
        request,
        "errors/inside.html" if inside else "errors/outside.html",
        status_code=status,
        status=status,
        heading=say(heading),
        text=text or say(advice),
        icon_name=icon_name,
        incident=incident,
        way_on=came_from or ("/" if is_known else "/sign-in"),
        way_on_label=say(N_("回到原来的页面") if came_from else N_("返回首页") if is_known else N_("去登录")),
    )
