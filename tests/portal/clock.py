"""The clock of a test: it stands still until it is moved."""

from datetime import datetime, timedelta

from tests.cast import NOW


class TestClock:
    """Begins a minute after the cast settled in."""

    __test__ = False

    def __init__(self) -> None:
        self.now = NOW + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Move on, e.g. `forward(hours=9)`."""
        self.now += timedelta(**span)
