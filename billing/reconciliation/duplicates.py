"""Lines that one side carries more than once: reported, never matched twice."""

from collections.abc import Iterator

import numpy as np

from billing.reconciliation.columns import Columns, Ints, Marks
from billing.reconciliation.joining import mixed


def repeated(lines: Columns, still_open: Marks) -> Iterator[tuple[int, ...]]:
    """Groups of lines of one source, amount and currency with the same references, at least one of them still open.

    Lines without a reference are not compared: two fees of one amount on one day are usual.
    """
    if not len(lines.ref):
        return
    keys = mixed(lines.source, lines.fen, lines.currency, _references(lines))
    carrying = np.zeros(len(lines), np.bool_)
    carrying[lines.ref_line] = True
    places = np.flatnonzero(carrying)
    order = places[np.argsort(keys[places], kind="stable")]
    starts = np.flatnonzero(np.append(True, keys[order][1:] != keys[order][:-1]))
    ends = np.append(starts[1:], len(order))
    opened = np.add.reduceat(still_open[order].astype(np.int64), starts)
    chosen = (ends - starts > 1) & (opened > 0)
    groups = [tuple(order[start:end].tolist()) for start, end in zip(starts[chosen], ends[chosen], strict=True)]
    yield from sorted(groups)


def _references(lines: Columns) -> Ints:
    """One code for all references of a line, in whatever order they stand."""
    codes = np.zeros(len(lines), np.int64)
    np.add.at(codes, lines.ref_line, mixed(lines.ref))
    return codes
