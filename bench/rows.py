"""One measured figure, and the statistics that the benches share."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the results. `met` is None where a figure is only reported; `profile` shows why one is not reached."""

    measure: str
    value: str
    reach: str = "reported"
    met: bool | None = None
    detail: str = ""
    profile: str = ""


def at_most(measure: str, value: float, limit: float, *, unit: str = "", detail: str = "", profile: str = "") -> Row:
    """A figure that should not be larger than the limit."""
    return Row(
        measure=measure,
        value=f"{value:.2f}{unit}",
        reach=f"≤ {limit:g}{unit}",
        met=value <= limit,
        detail=detail,
        profile=profile,
    )


def at_least(measure: str, value: float, limit: float, *, unit: str = "", detail: str = "", profile: str = "") -> Row:
    """A figure that should not be smaller than the limit."""
    return Row(
        measure=measure,
        value=f"{value:.2f}{unit}",
        reach=f"≥ {limit:g}{unit}",
        met=value >= limit,
        detail=detail,
        profile=profile,
    )


def ratio_of_medians(ours: Sequence[float], reference: Sequence[float]) -> float:
    """How many times the reference ours takes, by the medians of runs that alternated."""
    return statistics.median(ours) / statistics.median(reference)


def spread(seconds: Sequence[float]) -> str:
    """Median and range in milliseconds, as `12.3 ms (11.0–15.9)`."""
    return (
        f"{statistics.median(seconds) * 1000:.3g} ms ({min(seconds) * 1000:.3g}–{max(seconds) * 1000:.3g}, "
        f"n={len(seconds)})"
    )
