"""What the benches found when they last ran, and the page of it: the machine, the figures, why one was not reached."""

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
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


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What one bench found when it last ran: `measured_on` is a day as in 2026-11-22."""

    bench: str
    measured_on: str
    tenants: int
    machine: str
    rows: list[Row]


def read_runs(kept: Path) -> dict[str, Run]:
    """The last run of each bench, by its name; none where nothing was kept."""
    if not kept.exists():
        return {}
    return {run.bench: run for run in msgspec.json.decode(kept.read_bytes(), type=list[Run])}


def keep_runs(kept: Path, runs: Iterable[Run]) -> None:
    """Write them down for `read_runs`, a line for each row so that a change is easy to read."""
    kept.write_bytes(msgspec.json.format(msgspec.json.encode(list(runs)), indent=1) + b"\n")


def page(runs: Iterable[Run]) -> str:
    """`bench/results.md`."""
    lines = [
        "# Figures",
        "",
        "Written by `make bench` from `results.json`, which holds the last run of each bench.",
        "Ratios compare runs that alternated.",
    ]
    runs = list(runs)
    for run in runs:
        lines += [
            "",
            f"## {run.bench}",
            "",
            f"{run.measured_on}, a server with {run.tenants:,} tenants. {run.machine}.",
            "",
        ]
        lines += ["| measure | found | reach | |", "|---|---|---|---|"]
        for row in run.rows:
            verdict = {True: "reached", False: "**not reached**", None: ""}[row.met]
            lines.append(f"| {row.measure}<br>{row.detail} | {row.value} | {row.reach} | {verdict} |")
    for row in (row for run in runs for row in run.rows):
        if row.met is False:
            lines += ["", f"### Why not: {row.measure}", "", "```", row.profile.strip() or "no profile", "```"]
    return "\n".join(lines) + "\n"


def _processor() -> str:
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
