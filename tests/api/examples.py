"""The plainest body that a schema of the document accepts."""

from typing import Any

Json = dict[str, Any]

_FORMATS = {
    "uuid": "00000000-0000-7000-8000-000000000001",
    "date": "2026-11-20",
    "date-time": "2026-11-20T09:00:00+08:00",
    "decimal": "1",
}


def example(schema: Json, components: Json) -> Any:
    """A value of the schema: required fields only, the first choice, the shortest text, the least number."""
    if reference := schema.get("$ref"):
        return example(components[reference.rpartition("/")[2]], components)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return example(choices[0], components)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            required = schema.get("required", [])
            return {name: example(schema["properties"][name], components) for name in required}
        case "array":
            return [example(schema["items"], components)] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "null":
            return None
    return _FORMATS.get(schema.get("format", ""), "https://127.0.0.1/" if "url" in schema.get("title", "") else "甲一")
