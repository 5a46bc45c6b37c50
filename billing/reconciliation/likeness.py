"""How alike two references are: one digit mistyped, two swapped, one lost or one too many, or a part cut off."""

# A shorter one is too easily like another.
_SHORTEST = 6


def alike(one: str, other: str) -> int:
    """0 to 100, 0 where the two are not alike or of different kinds. Pure, the same both ways round."""
    kind, _, value = one.partition(":")
    other_kind, _, other_value = other.partition(":")
    shorter, longer = sorted((value, other_value), key=len)
    if kind != other_kind or len(shorter) < _SHORTEST:
        return 0
    if shorter == longer:
        return 100
    if longer.startswith(shorter) or longer.endswith(shorter):
        return 100 * len(shorter) // len(longer)
    return 95 if _one_slip(shorter, longer) else 0


def _one_slip(shorter: str, longer: str) -> bool:
    """Whether one character was changed, added or left out, or two neighbours swapped (Damerau, 1964)."""
    if len(longer) - len(shorter) > 1:
        return False
    begin = 0
    while begin < len(shorter) and shorter[begin] == longer[begin]:
        begin += 1
    rest, other_rest = shorter[begin:], longer[begin:]
    if len(rest) < len(other_rest):
        return rest == other_rest[1:]
    swapped = rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return rest[1:] == other_rest[1:] or swapped
