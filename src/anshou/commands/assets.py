"""`anshou assets`: fetch, name and compress what the browser loads. `anshou run` does it by itself."""

import argparse

from anshou.portal import assets
from anshou.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: the step skips itself while nothing has changed."""


def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Build and say how many files there are."""
    manifest = assets.build(report=print)
    print(f"{len(manifest.files)} files ready")
    return 0
