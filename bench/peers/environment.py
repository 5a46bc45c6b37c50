"""The throw-away environment that a peer runs in, and running it there."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bench.ground import Ground

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent


class PeerFailed(Exception):
    """Raised when a peer could not be installed or run; ends with what it said."""


@asynccontextmanager
async def environment() -> AsyncIterator[Path]:
    """A Python with the pinned peers, for as long as the block runs. Raises PeerFailed."""
    uv = Path(sys.executable).parent / "uv"
    with tempfile.TemporaryDirectory(prefix="anshou-peers-") as directory:
        python = Path(directory) / "venv" / "bin" / "python"
        pins = REPOSITORY / "requirements" / "peers.txt"
        await _run(uv, "venv", "--quiet", "--python", sys.executable, python.parents[1])
        await _run(uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", pins)
        yield python


async def run_peer(ground: Ground, python: Path, program: str, *words: str) -> dict[str, Any]:
    """What the peer printed, run on a database of its own on the same server. Raises PeerFailed."""
    async with peer_database(ground, f"peer_{program}") as dsn:
        return await run_program(python, program, dsn, *words)


@asynccontextmanager
async def peer_database(ground: Ground, name: str) -> AsyncIterator[str]:
    """The address of an empty database on the same server, for as long as the block runs."""
    superuser = await ground.superuser()
    try:
        await superuser.execute(f"CREATE DATABASE {name}")
        yield f"host={ground.cluster.socket} user=postgres dbname={name}"
    finally:
        await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await superuser.close()


async def run_program(python: Path, program: str, *words: str) -> dict[str, Any]:
    """What a peer printed. Raises PeerFailed."""
    answer: dict[str, Any] = json.loads(await _run(python, PROGRAMS / f"{program}.py", *words))
    return answer


async def _run(*words: str | Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *map(str, words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, complained = await process.communicate()
    if process.returncode != 0:
        raise PeerFailed(f"{Path(words[1]).name}: {complained.decode()[-2000:]}")
    return told.decode()
