"""Where the pages of imports are."""

from uuid import UUID

IMPORTS = "/imports"


def address_of(import_id: UUID) -> str:
    """The page of one import."""
    return f"{IMPORTS}/{import_id}"


def columns_of_import(import_id: UUID) -> str:
    """Where its columns are chosen."""
    return f"{address_of(import_id)}/columns"


def values_of_import(import_id: UUID) -> str:
    """Where its values are chosen."""
    return f"{address_of(import_id)}/values"
