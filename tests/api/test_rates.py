"""A key that asks too often is told when to come back."""

import pytest

from anshou.api.errors import TooManyRequests
from anshou.api.rates import Rates


class Time:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_the_next_request_waits() -> None:
    rates = Rates(per_second=0.5, burst=3, clock=Time())
    for _ in range(3):
        rates.count("a")
    with pytest.raises(TooManyRequests) as refused:
        rates.count("a")
    assert refused.value.seconds == 2


def test_a_bucket_fills_as_time_passes_and_never_beyond_the_burst() -> None:
    time = Time()
    rates = Rates(per_second=1, burst=2, clock=time)
    for _ in range(2):
        rates.count("a")
    time.now += 1
    rates.count("a")
    time.now += 1000
    for _ in range(2):
        rates.count("a")
    with pytest.raises(TooManyRequests):
        rates.count("a")


def test_a_refused_request_costs_nothing() -> None:
    time = Time()
    rates = Rates(per_second=1, burst=1, clock=time)
    rates.count("a")
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            rates.count("a")
    time.now += 1
    rates.count("a")


def test_every_key_has_a_bucket_of_its_own() -> None:
    rates = Rates(per_second=1, burst=1, clock=Time())
    rates.count("a")
    rates.count("b")
