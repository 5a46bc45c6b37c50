"""The OpenAPI 3.1 document, derived from the routes themselves.

Schemas are msgspec's own, so that what is published is exactly what is enforced; the framework's generator leaves out
that unknown fields are refused and the limits of optional fields. Words are Chinese message ids and are said in the
reader's language.
"""

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from inspect import isclass
from typing import Any, get_args, get_origin

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from anshou.api.bodies import OneOfRecords
from anshou.api.problems import MEDIA_TYPE, Problem
from anshou.api.requests import JSON
from anshou.api.schemas import Json, Schemas
from anshou.webhooks.events import Payload
from tenants.refusals import N_

PREFIX = "/api/v1"
_INTRODUCTION = N_(
    "安售开放接口。每个请求用接口密钥登录，能看到和能做的与密钥所属人员在系统中完全一致。"
    "时间为 RFC 3339 格式的 UTC 时刻，金额为整数分。出错时返回 RFC 9457 问题说明。"
    "列表按 next 游标翻页。POST 须带 Idempotency-Key；工单操作须带 If-Match。"
)


def describe(routes: Sequence[HTTPRoute]) -> Json:
    """The document of these routes. Routes that are no part of the API (`include_in_schema=False`) are left out."""
    schemas = Schemas()
    # Two structs of one name are told apart by their modules, which shows only once all of them were met.
    _paths(routes, schemas)
    schemas.settle()
    paths = _paths(routes, schemas)
    hook = {"content": {JSON: {"schema": schemas.of(Payload)}}, "required": True}
    delivered = {"2XX": {"description": N_("已收到")}}
    return {
        "openapi": "3.1.0",
        "info": {"title": N_("安售开放接口"), "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(tag for _, op in _all(paths) for tag in op["tags"])],
        "paths": paths,
        "webhooks": {"event": {"post": {"summary": N_("事件推送"), "requestBody": hook, "responses": delivered}}},
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "anshou_…"}},
        },
    }


def _paths(routes: Sequence[HTTPRoute], schemas: Schemas) -> dict[str, Json]:
    schemas.of(Payload)
    paths: dict[str, Json] = {}
    for route in sorted(routes, key=lambda route: route.path_format):
        for method, handler in _documented(route):
            paths.setdefault(route.path_format, {})[method.lower()] = _operation(route, handler, method, schemas)
    return paths


def translated(document: Any, say: Callable[[str], str]) -> Any:
    """The document with its words said in another language."""
    if isinstance(document, dict):
        return {
            name: say(value) if name in _WORDS and isinstance(value, str) else translated(value, say)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [say(item) if isinstance(item, str) else translated(item, say) for item in document]
    return document


_WORDS = frozenset({"title", "summary", "description", "name"})


def _documented(route: HTTPRoute) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for method, (handler, _) in sorted(route.route_handler_map.items()):
        if method != "OPTIONS" and handler.resolve_include_in_schema():
            yield method, handler


def _operation(route: HTTPRoute, handler: HTTPRouteHandler, method: str, schemas: Schemas) -> Json:
    operation: Json = {
        "operationId": handler.operation_id,
        "summary": handler.summary,
        "tags": sorted(handler.resolve_tags()),
        "responses": _responses(handler, schemas),
    }
    if handler.description:
        operation["description"] = handler.description
    if parameters := list(_parameters(route, handler, schemas)):
        operation["parameters"] = parameters
    if body := _request_body(handler, schemas):
        operation["requestBody"] = body
    return operation


def _parameters(route: HTTPRoute, handler: HTTPRouteHandler, schemas: Schemas) -> Iterator[Json]:
    in_path = set(route.path_parameters)
    signatures = [handler.parsed_fn_signature]
    signatures += [provide.parsed_fn_signature for provide in handler.resolve_dependencies().values()]
    seen: set[tuple[str, str]] = set()
    if query := handler.opt.get("query"):
        yield from _query_parameters(query, schemas)
    for signature in signatures:
        for name, field in signature.parameters.items():
            found = _parameter(name, field, name in in_path, schemas)
            if found and (found["in"], found["name"]) not in seen:
                seen.add((found["in"], found["name"]))
                yield found


def _query_parameters(query: type[msgspec.Struct], schemas: Schemas) -> Iterator[Json]:
    described = schemas.inline(query)
    for name, schema in described["properties"].items():
        words = schema.pop("title", "")
        yield {"name": name, "in": "query", "required": False, "description": words, "schema": _present(schema)}


def _present(schema: Json) -> Json:
    """The schema of a parameter that is there: an absent one is left out of the address, never null."""
    choices: list[Json] = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1 or len(choices) == len(schema.get("anyOf", [])):
        return schema
    return choices[0]


def _parameter(name: str, field: FieldDefinition, in_path: bool, schemas: Schemas) -> Json | None:
    kwarg = field.kwarg_definition
    if in_path:
        return {"name": name, "in": "path", "required": True, "schema": _limited(schemas.of(field.annotation), kwarg)}
    if not isinstance(kwarg, HeaderParameter):
        return None
    # Optional only to the framework, which would refuse its absence in words of its own.
    schema = _limited({"type": "string"}, kwarg)
    return {"name": kwarg.name, "in": "header", "required": True, "description": kwarg.description, "schema": schema}


def _limited(schema: Json, kwarg: Any) -> Json:
    """The schema with the limits that the parameter's declaration sets."""
    limits = {
        "minLength": getattr(kwarg, "min_length", None),
        "maxLength": getattr(kwarg, "max_length", None),
        "pattern": getattr(kwarg, "pattern", None),
    }
    return schema | {name: value for name, value in limits.items() if value is not None}


def _request_body(handler: HTTPRouteHandler, schemas: Schemas) -> Json | None:
    if upload := handler.opt.get("upload"):
        return {"required": True, "content": {"multipart/form-data": {"schema": _form(schemas.inline(upload))}}}
    data = handler.parsed_fn_signature.parameters.get("data")
    if data is None:
        return None
    if isclass(data.annotation) and issubclass(data.annotation, OneOfRecords):
        records = [schemas.of(record) for record in data.annotation.records]
        schema = records[0] if len(records) == 1 else {"anyOf": records}
    else:
        schema = schemas.of(data.annotation)
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _form(beside: Json) -> Json:
    """The schema of a form with one file and what it says beside it."""
    file = {"type": "string", "format": "binary", "title": N_("文件")}
    return {
        "type": "object",
        "properties": {"file": file, **beside["properties"]},
        "required": ["file", *beside["required"]],
        "additionalProperties": False,
    }


def _responses(handler: HTTPRouteHandler, schemas: Schemas) -> Json:
    status = HTTPStatus(handler.status_code)
    answer: Json = {"description": status.phrase}
    kind = _answered(handler.parsed_fn_signature.return_type)
    if media_types := handler.opt.get("downloads"):
        answer["content"] = {media_type: {} for media_type in media_types}
    elif kind is not type(None):
        answer["content"] = {JSON: {"schema": schemas.of(kind)}}
    if headers := handler.opt.get("answers_with"):
        answer["headers"] = {name: {"schema": {"type": "string"}, "description": why} for name, why in headers.items()}
    problem = {"content": {MEDIA_TYPE: {"schema": schemas.of(Problem)}}}
    refused = {str(code): {"description": HTTPStatus(code).phrase, **problem} for code in handler.opt["refuses"]}
    return dict(sorted({str(status.value): answer, **refused}.items()))


def _answered(declared: FieldDefinition) -> Any:
    if get_origin(declared.annotation) is Response:
        return get_args(declared.annotation)[0]
    return declared.annotation


def _all(paths: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    for path in paths.values():
        yield from path.items()
