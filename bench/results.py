"""The page of results: the machine, the figures, and why one was not reached."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.rows import Row


@dataclass(slots=True)
class Machine:
    """What the figures were measured on."""

    cores: int
    processor: str
    memory_gib: float
    load: float
    postgresql: str = ""

    @classmethod
    def here(cls) -> "Machine":
        """This machine, as it is now."""
        return cls(
            cores=os.cpu_count() or 0,
            processor=_processor(),
            memory_gib=psutil.virtual_memory().total / 2**30,
            load=os.getloadavg()[0],
        )

    def __str__(self) -> str:
        return (
            f"{self.cores} cores ({self.processor}), {self.memory_gib:.0f} GiB of memory, {platform.system()} "
            f"{platform.release().split('-')[0]}, load {self.load:.1f} before the run; Python "
            f"{platform.python_version()}, PostgreSQL {self.postgresql}, durable, on this machine's disk"
        )


def page(machine: Machine, tenants: int, rows: list[Row]) -> str:
    """`bench/results.md`."""
    lines = [
        "# Figures",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, on a server with {tenants:,} tenants.",
        "Ratios compare runs that alternated.",
        f"The machine: {machine}.",
        "",
        "| measure | found | reach | |",
        "|---|---|---|---|",
    ]
    for row in rows:
        verdict = {True: "reached", False: "**not reached**", None: ""}[row.met]
        lines.append(f"| {row.measure}<br>{row.detail} | {row.value} | {row.reach} | {verdict} |")
    for row in rows:
        if row.met is False:
            lines += ["", f"## Why not: {row.measure}", "", "```", row.profile.strip() or "no profile", "```"]
    return "\n".join(lines) + "\n"


def _processor() -> str:
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
