"""Column types that let sealed values through and refuse everything else, whichever way it comes.

Every statement that SQLAlchemy renders asks the column's type for its bind values: ORM flush, Core insert and update,
bulk insert, `text()` with a typed parameter. Raw SQL past SQLAlchemy meets the CHECK of
`confidentiality/sealing/ddl.py`.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from confidentiality.errors import PlaintextRefused
from confidentiality.sealing.handles import BlindValue, Sealed

Processor = Callable[[Any], Any]


class SealedBytes(TypeDecorator[Sealed[Any]]):
    """A column of sealed values, read as handles without a place."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Let handles and NULL through. Raises PlaintextRefused for everything else, bytes included."""
        return _sealed_only

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Wrap what comes back."""
        return _handle

    def literal_processor(self, dialect: Dialect) -> Processor:
        """Nothing sealed is written into a statement's text."""
        return _refuse

    def coerce_compared_value(self, op: object, value: object) -> "SealedBytes":
        """Compare with this type too, so that a comparison with a plain string is refused instead of sent."""
        return self


class BlindBytes(TypeDecorator[BlindValue]):
    """A column of a blind index."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Let index values and NULL through. Raises PlaintextRefused for everything else."""
        return _blind_only

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Wrap what comes back."""
        return _blind

    def literal_processor(self, dialect: Dialect) -> Processor:
        """Nothing of an index is written into a statement's text."""
        return _refuse

    def coerce_compared_value(self, op: object, value: object) -> "BlindBytes":
        """Compare with this type too."""
        return self


def _sealed_only(value: object) -> bytes | None:
    if value is None:
        return None
    if type(value) is not Sealed:
        del value
        raise PlaintextRefused
    return value.ciphertext


def _blind_only(value: object) -> bytes | None:
    if value is None:
        return None
    if type(value) is not BlindValue:
        del value
        raise PlaintextRefused
    return bytes(value)


def _handle(value: bytes | None) -> Sealed[Any] | None:
    return None if value is None else Sealed(value)


def _blind(value: bytes | None) -> BlindValue | None:
    return None if value is None else BlindValue(value)


def _refuse(value: object) -> NoReturn:
    del value
    raise PlaintextRefused
