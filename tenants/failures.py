"""The driver's errors, made discreet and honest.

PostgreSQL's errors quote values in their details and the driver quotes bind values in its own; neither may reach a log
or a page. What we know how to answer becomes an error of ours.
"""

import asyncpg
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from tenants.errors import ChangedMeanwhile, DatabaseUnavailable, TenantSuspended

_READ_ONLY_TRANSACTION = "25006"

LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # Also raised, in place of the true reason, by the next statement on a connection that was cut at a bad moment.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""What asyncpg raises when there is no connection, or none any more."""

DRIVER_ERRORS = (asyncpg.PostgresError, *LOST)
"""What may come from the driver where no SQLAlchemy stands between."""


def make_discreet(context: ExceptionContext) -> None:
    """For SQLAlchemy's `handle_error`: take details and bind values out of the error before anybody sees it."""
    original = context.original_exception
    driver_error = original.__cause__
    if isinstance(driver_error, asyncpg.PostgresError):
        _say_no_values(driver_error)
        discreet = f"{type(driver_error).__name__}: {driver_error.args[0] if driver_error.args else ''}"
    else:
        discreet = type(driver_error or original).__name__
    original.args = (discreet,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (discreet,)
        context.sqlalchemy_exception.params = None


def translated(error: DBAPIError | StaleDataError) -> Exception | None:
    """Our error for the driver's or the mapper's, or None if it is not one that we know how to answer."""
    if isinstance(error, StaleDataError):
        return ChangedMeanwhile()
    cause = error.orig.__cause__ if error.orig is not None else None
    if getattr(error.orig, "sqlstate", None) == _READ_ONLY_TRANSACTION:
        return TenantSuspended()
    if isinstance(cause, asyncpg.InvalidPasswordError):
        return DatabaseUnavailable("the login was refused; if it has just been renewed, it works in a few seconds")
    if error.connection_invalidated or isinstance(cause, LOST):
        return DatabaseUnavailable("the database ended the connection")
    return None


def answered(error: BaseException) -> BaseException:
    """Our error for one that came from the driver directly, else the driver's own without the values in it."""
    if getattr(error, "sqlstate", None) == _READ_ONLY_TRANSACTION:
        return TenantSuspended()
    if isinstance(error, LOST):
        return DatabaseUnavailable("the database ended the connection")
    if isinstance(error, asyncpg.PostgresError):
        _say_no_values(error)
    return error


def _say_no_values(error: asyncpg.PostgresError) -> None:
    error.detail = error.where = error.internal_query = None
    if isinstance(error, asyncpg.DataError):
        # "invalid input for query argument $1: …" and "invalid input syntax for …" show the value.
        error.message = "a value does not suit its type"
        error.args = (error.message,)
