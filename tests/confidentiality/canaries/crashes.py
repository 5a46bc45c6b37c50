"""What a crash would tell: every way by which an exception leaves our hands, reported as a collector of errors would.

Such a collector (and `faulthandler`, and a debugger's post mortem) takes the message, the chain of causes and what the
frames held. It sees what reaches a hook of the interpreter or of the loop, what comes out of the application to the
server, and what is logged with its exception.
"""

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from litestar import Litestar
from litestar.types import Receive, Scope, Send

# Who is told of a crash: what it is called, and the report.
Collector = Callable[[str, str], None]


def report_of(error: BaseException) -> str:
    """The whole report: messages, causes, frames with their source and what they held."""
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def reporting(app: Litestar, collect: Collector) -> Any:
    """The application as a server runs it, that logs what comes out of it."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            collect(f"out of the application: {scope.get('path', '')}", report_of(error))
            raise

    return served


@contextmanager
def every_hook(collect: Collector) -> Iterator[None]:
    """Everything that nobody catches reaches the collector, for as long as the block; within a running loop."""
    loop = asyncio.get_running_loop()

    def of_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        collect(f"loop: {context.get('message')}", f"{context!r}\n{report_of(error) if error else ''}")

    def of_main(_: Any, error: BaseException, __: Any) -> None:
        collect("sys.excepthook", report_of(error))

    def of_others(hooked: Any) -> None:
        if hooked.exc_value is not None:
            about = getattr(hooked, "object", getattr(hooked, "thread", None))
            collect("a thread or a destructor", f"{about!r}\n{report_of(hooked.exc_value)}")

    before = (sys.excepthook, threading.excepthook, sys.unraisablehook, loop.get_exception_handler())
    sys.excepthook, threading.excepthook, sys.unraisablehook = of_main, of_others, of_others
    loop.set_exception_handler(of_loop)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before[:3]
        loop.set_exception_handler(before[3])
