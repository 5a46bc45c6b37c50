"""How often one key may ask: a token bucket for each, in this process.

Protects the database from a client gone wild, not a contract: with N web processes a key may reach N times the rate.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from anshou.api.errors import TooManyRequests

# A bucket that nobody drew from for long is full again, so the least recently used may be forgotten.
MOST_BUCKETS = 10_000


class Rates:
    """Token buckets of `burst` requests, refilled at `per_second`."""

    def __init__(self, *, per_second: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        """A bucket of `burst` for everybody who asks, measured by a clock that never goes back."""
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, key_id: str) -> None:
        """Count one request. Raises TooManyRequests with the whole seconds after which the next may come."""
        now = self._clock()
        tokens, then = self._buckets.pop(key_id, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - then) * self._per_second)
        allowed = tokens >= 1
        self._buckets[key_id] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(math.ceil((1 - tokens) / self._per_second))
