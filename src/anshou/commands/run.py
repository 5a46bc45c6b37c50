"""`anshou run`: everything on this machine, until Ctrl-C."""

import argparse
import sys
from importlib.util import find_spec

from anshou.house.children import PartFailed
from anshou.house.cluster import ClusterFailed
from anshou.house.database import DataDirectoryInUse
from anshou.house.listening import PortInUse
from anshou.house.running import Step, run
from anshou.settings import Settings

BEFORE = (
    Step("preparing what the browser loads", ("assets",), needs_database=False),
    Step("bringing the database to the current revision", ("migrate",)),
)
DEMO = Step("loading the demo agencies, the first time", ("demo", "load"))
SIGN_INS = Step("showing the demo sign-ins", ("demo", "credentials"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is said by the environment, see `anshou settings`."""


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Run until SIGINT or SIGTERM."""
    # An existing database is somebody's own: demo agencies are only put into the one that we made.
    demo = settings.demo and settings.embedded_database
    try:
        return await run(settings, _there([*BEFORE, *([DEMO] if demo else [])]), _there([SIGN_INS] if demo else []))
    except (ClusterFailed, DataDirectoryInUse, PartFailed, PortInUse) as failure:
        print(f"anshou run: {failure}", file=sys.stderr, flush=True)
        return 1


def _there(steps: list[Step]) -> list[Step]:
    """Those whose command exists yet."""
    return [step for step in steps if find_spec(f"anshou.commands.{step.command[0]}") is not None]
