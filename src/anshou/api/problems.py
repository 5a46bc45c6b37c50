"""Every error as a problem document (RFC 9457): what was refused, why, and which field to put right."""

import logging
import re
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Meta, Struct
from sqlalchemy.exc import DBAPIError

from anshou.api import errors
from anshou.finance.importing import ImportRefused
from anshou.language import Language, choose
from anshou.tickets.errors import TicketChanged
from billing.bills.shapes import BillRefused
from billing.bills.shapes import Fault as FileFault
from confidentiality.keys.errors import KeysOutOfReach
from tenants.errors import DatabaseUnavailable
from tenants.refusals import N_, Conflict, Invalid, Message, NotFound, NotPermitted, Refusal

MEDIA_TYPE = "application/problem+json"

log = logging.getLogger(__name__)


class Fault(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value to put right: `pointer` into the body (RFC 6901), or the name of a `parameter`."""

    detail: Annotated[str, Meta(title="应为什么")]
    pointer: Annotated[str | None, Meta(title="请求体中的位置")] = None
    parameter: Annotated[str | None, Meta(title="参数或请求头的名称")] = None


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem document."""

    type: Annotated[str, Meta(title="问题种类")]
    title: Annotated[str, Meta(title="概括")]
    status: Annotated[int, Meta(title="HTTP 状态码")]
    code: Annotated[str, Meta(title="程序用的问题代码")]
    detail: Annotated[str, Meta(title="说明")]
    errors: Annotated[list[Fault], Meta(title="需要改正的值")] = []


# What the database refuses by itself, by SQLSTATE: the last lock, behind the checks that say more.
_OF_DATABASE: dict[str, Callable[[], errors.DoorRefusal]] = {
    "23503": errors.ReferenceUnknown,
    "23505": errors.AlreadyThere,
    "22003": errors.ValueOutOfRange,
    "22008": errors.ValueOutOfRange,
}

# First match wins; what stands nowhere is a rule of the business that forbids the content: 422.
_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (TicketChanged, 412),
    (NotFound, 404),
    (NotPermitted, 403),
    (Conflict, 409),
    (Refusal, 422),
)


def status_of(refusal: Refusal | type[Refusal]) -> int:
    """The HTTP status that a refusal is answered with."""
    kind = refusal if isinstance(refusal, type) else type(refusal)
    if issubclass(kind, errors.DoorRefusal):
        return kind.status
    return next(status for parent, status in _STATUS if issubclass(kind, parent))


def language_of(request: Request[Any, Any, Any]) -> Language:
    """The language of the answer: Accept-Language decides, Chinese if it says nothing we have."""
    return choose(accepted=request.headers.get("accept-language", ""))


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The problem document for whatever was raised; the exception handler of every route."""
    # What a transaction raises as it ends comes wrapped from the framework's clean-up.
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    refusal = error if isinstance(error, Refusal) else _door_refusal(error)
    language = language_of(request)
    status = status_of(refusal)
    problem = Problem(
        type=f"urn:anshou:problem:{refusal.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=refusal.code,
        detail=language.refusal(refusal),
        errors=_faults(refusal, language),
    )
    headers = {"content-language": language.tag, "cache-control": "no-store", "vary": "Accept-Language"}
    if isinstance(error, MethodNotAllowedException):
        headers["allow"] = (error.headers or {}).get("allow", "")
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Bearer realm="anshou"'
    if isinstance(refusal, errors.TooManyRequests | errors.Unavailable):
        headers["retry-after"] = str(refusal.seconds)
    return Response(msgspec.json.encode(problem), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def pointer(path: str) -> str:
    """The JSON pointer (RFC 6901) of a shape's path: `measures[0].owner` is `/measures/0/owner`."""
    steps = re.findall(r"[^.\[\]]+", path)
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _door_refusal(error: Exception) -> Refusal:
    """What the framework raised, in our words; anything unforeseen is logged and said to be our fault."""
    match error:
        case KeysOutOfReach():
            log.error("%s: %s", type(error).__name__, error)
            return errors.Unavailable()
        case DatabaseUnavailable():
            return errors.Unavailable()
        case DBAPIError(orig=refused) if (state := str(getattr(refused, "sqlstate", ""))) in _OF_DATABASE:
            return _OF_DATABASE[state]()
        case NotFoundException():
            return errors.RouteUnknown()
        case MethodNotAllowedException():
            return errors.MethodRefused()
        case RequestEntityTooLarge():
            return errors.BodyTooLarge()
        case ValidationException(extra=[{"source": "body"}, *_]):
            # An empty body never reaches our own reading of it.
            return errors.BodyUnreadable()
        case ValidationException(extra=list(faults)):
            return errors.ParameterInvalid({str(one.get("key", "")): N_("格式不对，请对照接口文档") for one in faults})
        case HTTPException(status_code=400):
            return errors.BodyUnreadable()
    # The class and the places alone: a driver's message can hold what somebody typed (design.md section 4).
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("unhandled %s\n%s", type(error).__name__, places)
    return errors.Unexpected()


def _faults(refusal: Refusal, language: Language) -> list[Fault]:
    """What to put right, in the reader's language."""
    if isinstance(refusal, BillRefused | ImportRefused):
        # A file has lines and columns, and no pointers.
        return [Fault(detail=_place(fault).text(language.translate)) for fault in refusal.faults]
    if isinstance(refusal, Invalid):
        said = refusal.field_texts(language.translate)
        return [Fault(pointer=pointer(path), detail=text) for path, text in said.items()]
    if isinstance(refusal, errors.ParameterInvalid):
        said = Invalid("", refusal.faults).field_texts(language.translate)
        return [Fault(parameter=name, detail=text) for name, text in said.items()]
    return []


def _place(fault: FileFault) -> Message:
    """Where in a file, what stands there and what was expected."""
    place = {"file": fault.file, "line": fault.line, "column": fault.column, "value": fault.value}
    return Message(N_("%(file)s 第 %(line)s 行“%(column)s”“%(value)s”：%(expected)s"), **place, expected=fault.expected)
