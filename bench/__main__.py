"""`make bench`: set up the server, run the benches, write down what they found."""

import argparse
import importlib
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bench.ground import Ground, ground
from bench.results import Machine, Run, keep_runs, page, read_runs
from bench.rows import Row

# In this order; each is a module of this folder with `async def measure(ground) -> list[Row]`.
BENCHES = (
    "provisioning",
    "migrating",
    "isolation",
    "relay",
    "clocks",
    "attribution",
    "ticket_page",
    "live_streams",
    "queues",
    "sealed_fields",
    "sealed_lists",
    "sealed_files",
    "audit_leaves",
    "posting",
    "resealing",
    "reconciling",
    "workbench",
    "searching",
    "measuring",
    "statements",
    "importing",
    "peer_figures",
)

TENANTS = 1000
RESULTS = Path(__file__).parent / "results.md"
KEPT = RESULTS.with_suffix(".json")


async def main() -> int:
    """Run all benches, or the named ones; 0 also where a figure is not reached, because that is a finding."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("benches", nargs="*", metavar="bench", help=f"of {', '.join(BENCHES)}; all when none is named")
    parser.add_argument("--tenants", type=int, default=TENANTS, help="tenants on the server")
    parser.add_argument("--keep", action="store_true", help="write it down also when it is not all")
    asked = parser.parse_args()
    if unknown := set(asked.benches) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    # Read before the benches themselves load the machine.
    machine = Machine.here()
    runs = read_runs(KEPT)
    _say(f"setting up a server with {asked.tenants:,} tenants")
    async with ground(asked.tenants, _say) as server:
        machine.postgresql = await _version(server)
        for name in asked.benches or BENCHES:
            _say(f"{name} …")
            began = time.monotonic()
            found = await _measured(name, server)
            _say(f"{name}: {time.monotonic() - began:.0f} s")
            for row in found:
                _say(f"  {row.measure}: {row.value} ({row.reach}) {row.detail}")
            today = f"{datetime.now(UTC):%Y-%m-%d}"
            runs[name] = Run(bench=name, measured_on=today, tenants=asked.tenants, machine=str(machine), rows=found)
            if asked.keep:
                # Now, because who stops a long run still wants what it found.
                _write(runs)
    whole = not asked.benches and asked.tenants == TENANTS
    if not (whole or asked.keep):
        _say("only some of the benches, or fewer tenants: bench/results.md stays as it was without --keep")
        return 0
    _write(runs)
    _say(f"written: {RESULTS.relative_to(Path.cwd())}")
    return 0


def _write(runs: dict[str, Run]) -> None:
    in_order = [runs[name] for name in BENCHES if name in runs]
    keep_runs(KEPT, in_order)
    RESULTS.write_text(page(in_order), encoding="utf-8")


async def _measured(name: str, server: Ground) -> list[Row]:
    """What the bench found; where it failed, a line that says so, because the others have taken their minutes too."""
    try:
        found: list[Row] = await importlib.import_module(f"bench.{name}").measure(server)
        return found
    except Exception:
        return [Row(measure=f"the bench {name}", value="failed", met=False, profile=traceback.format_exc())]


async def _version(server: Ground) -> str:
    superuser = await server.superuser()
    try:
        return str(await superuser.fetchval("SHOW server_version"))
    finally:
        await superuser.close()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
