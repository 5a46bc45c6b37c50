"""What the fault tests share with the worker's own."""

from tests.worker.conftest import broker_url, effects, ledger, rabbit, rabbit_url

__all__ = ["broker_url", "effects", "ledger", "rabbit", "rabbit_url"]
