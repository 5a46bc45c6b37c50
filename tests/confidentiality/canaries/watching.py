"""What the house tells while it is watched: every answer, every address, every line of every logger."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.confidentiality.canaries.values import canaries_in


class Told:
    """What was told, by where: `finds()` names the canaries in it, `opened` are the answers that were to hold some."""

    def __init__(self) -> None:
        self.by_sink: dict[str, dict[bytes, str]] = defaultdict(dict)
        self.opened: list[httpx.Response] = []
        self.asked: set[tuple[str, str]] = set()
        self._opening = False

    def hear(self, sink: str, where: str, told: bytes | str) -> None:
        """Keep it once: pages, lines and statements repeat."""
        as_bytes = told.encode("utf-8", "surrogateescape") if isinstance(told, str) else told
        self.by_sink[sink].setdefault(as_bytes, where)

    def finds(self, sink: str) -> dict[str, set[str]]:
        """Where canaries stand, and which."""
        found: dict[str, set[str]] = defaultdict(set)
        for told, where in self.by_sink[sink].items():
            if names := canaries_in(told):
                found[where] |= names
        return dict(found)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Within the block, answers may hold what was asked for, or what the sender has just typed."""
        self._opening = True
        try:
            yield
        finally:
            self._opening = False

    def watch(self, client: httpx.AsyncClient) -> None:
        """Hear every answer that this client gets from now on."""
        client.event_hooks["response"] = [self._answered]

    async def _answered(self, answer: httpx.Response) -> None:
        await answer.aread()
        request = answer.request
        where = f"{request.method} {request.url.raw_path.decode()} {answer.status_code}"
        # What an access log, a proxy or a browser's history would hold.
        self.hear("addresses", where, request.url.raw_path + request.headers.get("referer", "").encode())
        # Only a file that was opened may bring its own name, because the browser takes it from there.
        own_name = b"content-disposition" if self._opening else b""
        kept = [name + b": " + value for name, value in answer.headers.raw if name.lower() != own_name]
        self.hear("headers", where, b"\n".join(kept))
        self.asked.add((request.method, request.url.path))
        if self._opening:
            self.opened.append(answer)
        else:
            self.hear("answers", where, answer.content)


class Lines(logging.Handler):
    """Hears every line of every logger with all that a collector of errors would send along."""

    def __init__(self, told: Told) -> None:
        super().__init__(logging.NOTSET)
        self._told = told
        self._rendering = logging.Formatter("%(name)s %(levelname)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`. The arguments are heard as they are, too."""
        where = f"{record.name}:{record.lineno}"
        self._told.hear("log lines", where, self._rendering.format(record))
        self._told.hear("log lines", where, repr(record.args))


@contextmanager
def every_logger(told: Told) -> Iterator[None]:
    """Every logger there is writes all that it can, SQLAlchemy's echo among them, for as long as the block."""
    handler = Lines(told)
    root = logging.getLogger()
    loggers: list[Any] = [root, *(one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [(one, one.level, one.disabled, one.propagate) for one in loggers]
    root.addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.disabled, one.propagate = False, True
    try:
        yield
    finally:
        root.removeHandler(handler)
        for one, level, disabled, propagate in before:
            one.setLevel(level)
            one.disabled, one.propagate = disabled, propagate
