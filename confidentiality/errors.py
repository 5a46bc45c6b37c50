"""What this room refuses. A message never holds what was sealed."""

from sqlalchemy.exc import DontWrapMixin

from tenants.refusals import N_, Conflict


class SealBroken(Exception):
    """Raised when sealed bytes do not open: another key or place, another format, or changed bytes.

    Deliberately one error for all of these, so that nobody learns from it which.
    """

    def __init__(self) -> None:
        super().__init__("sealed bytes did not open")


class PlaintextRefused(DontWrapMixin, TypeError):
    """Raised when something that is not sealed is about to be written to a sealed column, or searched for in one.

    SQLAlchemy does not wrap it, so no statement and no parameter is printed beside it.
    """

    def __init__(self) -> None:
        super().__init__("this column takes sealed values only: seal them with the owner's key ring")


class SealMisplaced(TypeError):
    """Raised when a sealed value is assigned to another row or column than the one that it was sealed for."""

    def __init__(self) -> None:
        super().__init__("a sealed value opens only in its own row and column: open it and seal it anew")


class TextUnfit(ValueError):
    """Raised when a text cannot be sealed because it holds half a surrogate pair, which UTF-8 has no bytes for."""

    def __init__(self) -> None:
        super().__init__("this text cannot be written in UTF-8")


class KeysClosed(Exception):
    """Raised when a key ring is used after it was closed or has expired: open the keys again."""

    def __init__(self) -> None:
        super().__init__("this key ring is closed")


class KeyDestroyed(Conflict):
    """Raised when the owner's key was destroyed: what was sealed under it opens nowhere any more.

    A refusal, so that every door says it to the person who asked.
    """

    def __init__(self) -> None:
        super().__init__(N_("密钥已销毁：此前加密保存的内容无法再打开，也不能再为该商家保存保密内容。"))
