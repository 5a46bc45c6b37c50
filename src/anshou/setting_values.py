"""From the text of an environment variable to a value; a ValueError means that the text is not accepted."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

_HOST = re.compile(r"[A-Za-z0-9_.:%-]+")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


def path(text: str) -> Path:
    """An absolute path; `~` is the home directory."""
    if not text or "\0" in text:
        raise ValueError(text)
    return Path(text).expanduser().absolute()


def path_or_empty(text: str) -> Path | None:
    """An absolute path, or None when nothing was given."""
    return path(text) if text else None


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number between the two, both included."""

    def read(text: str) -> int:
        # int() would also take 1_000, ١ and " 1".
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def one_of(*names: str) -> Callable[[str], str]:
    """One of the names, in any case."""

    def read(text: str) -> str:
        if text.lower() not in names:
            raise ValueError(text)
        return text.lower()

    return read


def some_of(*names: str) -> Callable[[str], tuple[str, ...]]:
    """Any of the names, separated by commas; none at all is allowed."""

    def read(text: str) -> tuple[str, ...]:
        found = words(text)
        if not set(found) <= set(names):
            raise ValueError(text)
        return found

    return read


def yes_or_no(text: str) -> bool:
    """True for yes, false for no; numbers and synonyms are refused rather than guessed."""
    return one_of("yes", "no")(text) == "yes"


def host(text: str) -> str:
    """A host name, an IPv4 or an IPv6 address, without port."""
    if not _HOST.fullmatch(text):
        raise ValueError(text)
    return text


def words(text: str) -> tuple[str, ...]:
    """Words separated by commas; none at all is allowed."""
    found = tuple(word.strip() for word in text.split(",") if word.strip())
    if any(not re.fullmatch(r"[A-Za-z0-9_.:/*-]+", word) for word in found):
        raise ValueError(text)
    return found


def address(text: str) -> str:
    """A bare mail address."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError(text)
    return text


def addresses(text: str) -> tuple[str, ...]:
    """Bare mail addresses separated by commas; none at all is allowed."""
    return tuple(address(one.strip()) for one in text.split(",") if one.strip())


def url(*schemes: str, empty: bool) -> Callable[[str], str]:
    """A URL of one of the schemes, with a host (or a path, for files); kept as it was given."""

    def read(text: str) -> str:
        if not text and empty:
            return text
        parts = urlsplit(text)
        if parts.scheme not in schemes or any(letter.isspace() for letter in text):
            raise ValueError(text)
        if parts.scheme == "file":
            if parts.netloc or not unquote(parts.path).startswith("/"):
                raise ValueError(text)
        elif parts.scheme in {"http", "https"}:
            # A path would have to be prefixed to every link; nothing in the portal does that.
            if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
                raise ValueError(text)
        elif not parts.hostname and "host=" not in parts.query:
            raise ValueError(text)
        # Raises ValueError by itself when the port is not a number.
        _ = parts.port
        return text

    return read
