"""The door's own description: the OpenAPI document and a page to read it, both without a key and without a network."""

from pathlib import Path
from typing import Any

import msgspec
from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from litestar import MediaType, Request, Response, get
from litestar.routes import HTTPRoute

from anshou.api.document import describe, translated
from anshou.api.problems import language_of
from anshou.api.schemas import Json
from anshou.language import Language

_HERE = Path(__file__).parent
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "pages"), autoescape=True, undefined=ChainableUndefined, trim_blocks=True
)

# The document changes with a release and with Accept-Language only.
_HEADERS = {"cache-control": "public, max-age=300", "vary": "Accept-Language"}


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI 3.1 document."""
    language = language_of(request)
    body = msgspec.json.encode(_document(request, language))
    return Response(body, media_type=MediaType.JSON, headers={**_HEADERS, "content-language": language.tag})


@get("/docs", include_in_schema=False, sync_to_thread=False)
def reading_page(request: Request[Any, Any, Any]) -> Response[str]:
    """The same document as a page: no script, one style sheet of our own."""
    language = language_of(request)
    page = _PAGES.get_template("docs.html").render(
        document=_document(request, language), _=language.say, tag=language.tag, shape=_shape
    )
    return Response(page, media_type=MediaType.HTML, headers={**_HEADERS, "content-language": language.tag})


@get("/docs.css", include_in_schema=False, sync_to_thread=False)
def reading_style() -> Response[bytes]:
    """The page's style sheet."""
    style = (_HERE / "pages" / "docs.css").read_bytes()
    return Response(style, media_type="text/css", headers={"cache-control": "public, max-age=300"})


ROUTES = [openapi_document, reading_page, reading_style]


def _document(request: Request[Any, Any, Any], language: Language) -> Json:
    made: dict[str, Json] = request.app.state.setdefault("documents", {})
    if language.tag not in made:
        routes = [route for route in request.app.routes if isinstance(route, HTTPRoute)]
        made[language.tag] = translated(describe(routes), language.say)
    return made[language.tag]


def _shape(schema: Json) -> str:
    """A schema in a few words: its type, or the component it refers to, with the limits beside it."""
    if reference := schema.get("$ref"):
        return str(reference).rpartition("/")[2]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(_shape(choice) for choice in choices)
    if schema.get("type") == "array":
        return f"[{_shape(schema.get('items', {}))}]{_limits(schema)}"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    return f"{schema.get('format') or schema.get('type') or '*'}{_limits(schema)}"


def _limits(schema: Json) -> str:
    least = next((schema[name] for name in ("minimum", "minLength", "minItems") if name in schema), None)
    most = next((schema[name] for name in ("maximum", "maxLength", "maxItems") if name in schema), None)
    return "" if least is None and most is None else f" {'' if least is None else least}…{'' if most is None else most}"
