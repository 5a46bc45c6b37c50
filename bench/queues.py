"""The queues of an agency with a million tickets: their CPU, how they grow, and what goes over the wire.

The parts stand in `queue_cpu`, `queue_growth` and `queue_wire`; the tenants in `million`.
"""

from bench import queue_cpu, queue_growth, queue_wire
from bench.ground import Ground
from bench.million import LARGE, SMALL, seeded
from bench.rows import Row


async def measure(ground: Ground) -> list[Row]:
    """Two lines of CPU, two of growth, two of the wire."""
    small, large = await seeded(ground, SMALL), await seeded(ground, LARGE)
    rows = await queue_cpu.measure(ground, large)
    rows += await queue_growth.measure(ground, small, large)
    return rows + await queue_wire.measure(ground, large)
