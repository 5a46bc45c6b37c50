"""What the house tells while it is watched: every answer, every address, every line of every logger."""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.confidentiality.canaries.crashes import report_of
from tests.confidentiality.canaries.values import TOLD_BY, canaries_in

# Who is shown what by a page that is there for it, and leaves a leaf or needs none (docs/confidentiality.md).
_VERSION = r"/merchants/[^/]+/contracts/(versions|[^/]+/versions)"
RIGHTFUL: tuple[tuple[Collection[str] | None, re.Pattern[str], frozenset[str]], ...] = (
    ({"admin"}, re.compile(rf"{_VERSION}/([^/]+/draft|new)$"), frozenset({"cap"})),
    # The name of a contract's document stands beside it, for whoever reads the contract.
    (None, re.compile(rf"{_VERSION}/[^/]+(/documents/[^/]+)?$"), frozenset({"document_name"})),
)


class Told:
    """What was told, by where: `finds()` names the canaries in it, `opened` are the answers that were to hold some."""

    def __init__(self) -> None:
        self.by_sink: dict[str, dict[bytes, str]] = defaultdict(dict)
        self.opened: list[httpx.Response] = []
        self.asked: set[tuple[str, str]] = set()
        self._may_hold: Collection[str] | None = None
        self._is_typed = False

    def hear(self, sink: str, where: str, told: bytes | str) -> None:
        """Keep it once: pages, lines and statements repeat."""
        as_bytes = told.encode("utf-8", "surrogateescape") if isinstance(told, str) else told
        self.by_sink[sink].setdefault(as_bytes, where)

    def forget(self) -> None:
        """Nothing was told so far."""
        self.by_sink.clear()
        self.opened.clear()

    def finds(self, sink: str) -> dict[str, set[str]]:
        """Where canaries stand, and which."""
        found: dict[str, set[str]] = defaultdict(set)
        for told, where in self.by_sink[sink].items():
            if names := canaries_in(told):
                found[where] |= names
        return dict(found)

    @contextmanager
    def opening(self, *only: str) -> Iterator[None]:
        """Within the block, answers may hold what was asked for, or what the sender has just typed; or `only` this."""
        self._may_hold = only or TOLD_BY
        try:
            yield
        finally:
            self._may_hold = None

    @contextmanager
    def typing(self) -> Iterator[None]:
        """Within the block, the answer to a POST may show its sender what was typed; nothing that follows it may."""
        self._is_typed = True
        try:
            yield
        finally:
            self._is_typed = False

    def watch(self, client: httpx.AsyncClient, who: str = "") -> None:
        """Hear every answer that this client gets from now on."""

        async def answered(answer: httpx.Response) -> None:
            await self._answered(answer, who)

        client.event_hooks["response"] = [answered]

    async def _answered(self, answer: httpx.Response, who: str) -> None:
        await answer.aread()
        request = answer.request
        where = f"{request.method} {request.url.raw_path.decode()} {answer.status_code}"
        # What an access log, a proxy or a browser's history would hold.
        self.hear("addresses", where, request.url.raw_path + request.headers.get("referer", "").encode())
        # Only a file that was opened may bring its own name, because the browser takes it from there.
        own_name = b"content-disposition" if self._may_hold is not None else b""
        kept = [name + b": " + value for name, value in answer.headers.raw if name.lower() != own_name]
        self.hear("headers", where, b"\n".join(kept))
        self.asked.add((request.method, request.url.path))
        if self._is_typed and request.method == "POST":
            self.hear("answers to what was typed", where, f"{where} {answer.headers.get('cache-control')}")
            return
        may_hold = self._may_hold if self._may_hold is not None else rightful(who, request.url.path)
        if may_hold and (held := canaries_in(answer.content)) <= set(may_hold):
            if self._may_hold is not None or held:
                self.opened.append(answer)
            return
        self.hear("answers", where, answer.content)


def rightful(who: str, path: str) -> set[str]:
    """What a page may show to this person without being asked."""
    found: set[str] = set()
    for people, place, names in RIGHTFUL:
        if (people is None or who in people) and place.search(path):
            found |= names
    return found


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
        # A collector of errors takes the frames along with what they held, wherever a line brings its exception.
        if record.exc_info and record.exc_info[1]:
            self._told.hear("crash reports", where, report_of(record.exc_info[1]))


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
