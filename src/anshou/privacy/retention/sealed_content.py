"""The sealed fields of a model as content: the sealed values and the blind indexes by which they are found."""

from confidentiality.sealing.fields import sealed_fields
from tenants.erasing import Content


def sealed_content(model: type, *, by: str = "ticket_id") -> Content:
    """Everything sealed of the model's rows. Raises TypeError if it has nothing sealed."""
    fields = sealed_fields(model)
    if not fields:
        raise TypeError(f"{model.__name__} has no sealed field")
    columns: list[str] = []
    for name, field in fields.items():
        columns += [name, *map(field.index_column, field.indexes)]
    table = next(iter(fields.values())).table
    return Content(table=table, by=by, columns=tuple(columns))
