"""What stays in the memory of a process when everything is over: shown by `repr` and taken along by `pickle`.

A debugger, a crash report of another request and a cache that is written down would tell it.
"""

import gc
import pickle
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

OWN = ("anshou.", "tenants.", "confidentiality.", "billing.")


def remains() -> Iterator[tuple[str, bytes]]:
    """Kind of object, with its representation and its pickle, of every live object of our classes."""
    for one in _live():
        shown = b""
        # What cannot be shown or pickled tells nothing that way; a row of a closed session refuses with anything.
        with suppress(Exception):
            shown = repr(one).encode("utf-8", "surrogateescape")
        with suppress(Exception):
            shown += pickle.dumps(one)
        yield f"{type(one).__module__}.{type(one).__qualname__}", shown


def _live() -> Iterator[Any]:
    """The collector knows containers; a shape of texts alone is known by what holds it."""
    gc.collect()
    for one in gc.get_objects():
        if _is_ours(one):
            yield one
        for held in gc.get_referents(one):
            if _is_ours(held) and not gc.is_tracked(held):
                yield held


def _is_ours(one: object) -> bool:
    return str(type(one).__module__).startswith(OWN)
