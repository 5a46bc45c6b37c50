"""What this room refuses. A message never holds what was sealed."""


class SealBroken(Exception):
    """Raised when sealed bytes do not open: another key or place, another format, or changed bytes.

    Deliberately one error for all of these, so that nobody learns from it which.
    """

    def __init__(self) -> None:
        super().__init__("sealed bytes did not open")
