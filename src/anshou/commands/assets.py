"""`anshou assets`: fetch, name and compress what the browser loads. `anshou run` does it by itself."""

import argparse
import sys

from anshou.portal import assets
from anshou.portal.packages import PackagesNotInstalled
from anshou.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: the step skips itself while nothing has changed."""


def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Build and say how many files there are; 1 when the packages could not be fetched."""
    try:
        manifest = assets.build(report=print)
    except PackagesNotInstalled as failure:
        print(f"anshou assets: {failure}", file=sys.stderr)
        return 1
    print(f"{len(manifest.files)} files ready")
    return 0
