"""Splitting an amount into whole fen by weights, so that not one fen is lost or made (design.md section 5)."""

from collections.abc import Sequence


def allot(fen: int, weights: Sequence[int], keys: Sequence[str] | None = None) -> tuple[int, ...]:
    """The parts of `fen` in the proportion of `weights`, in their order, by the method of the largest remainder.

    Every part is rounded towards zero; the fen that are left go one each to the largest remainders, and among equal
    remainders to the smallest key (without keys, or where they are equal: to the first). So with distinct keys the
    order of the parties does not matter. The parts add up to `fen`; `allot(-x)` is `allot(x)` negated; who has no
    weight gets nothing. Takes O(n log n).

    Raises ValueError for no weights, a negative weight, weights that are all zero, or keys that do not match.
    """
    if keys is not None and len(keys) != len(weights):
        raise ValueError(f"{len(weights)} weights but {len(keys)} keys")
    if min(weights, default=-1) < 0:
        raise ValueError("weights are needed, and none below zero")
    total = sum(weights)
    if total == 0:
        raise ValueError("weights are all zero")
    sign, whole = (-1, -fen) if fen < 0 else (1, fen)
    parts: list[int] = []
    remainders: list[int] = []
    for weight in weights:
        part, remainder = divmod(whole * weight, total)
        parts.append(part)
        remainders.append(remainder)
    left = whole - sum(parts)
    if left:
        places: Sequence[int] = range(len(parts))
        if keys is not None:
            places = sorted(places, key=keys.__getitem__)
        # Sorting is stable: equal remainders stay in the order of their keys.
        for place in sorted(places, key=remainders.__getitem__, reverse=True)[:left]:
            parts[place] += 1
    return tuple(parts) if sign > 0 else tuple(-part for part in parts)
