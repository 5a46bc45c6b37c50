"""What the keys' room refuses. No message ever holds key material."""


class KeysOutOfReach(Exception):
    """Raised when keys cannot be had at present, through no fault of whoever asked. Nothing is lost by trying again."""


class KmsUnavailable(KeysOutOfReach):
    """Raised when the key management service cannot be reached or did not answer in time: try again later."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the key management service is not available: {reason}")


class KmsRefused(KeysOutOfReach):
    """Raised when the key management service does not accept our token or what we asked of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the key management service refused: {reason}")


class WrappingKeyGone(Exception):
    """Raised when the key management service has no wrapping key of this name, or was told to destroy it."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the wrapping key {name} is gone")


class KeyStoreWrong(KeysOutOfReach):
    """Raised when a key was wrapped by another key management service than the one this process uses."""

    def __init__(self, wrapped_by: str, ours: str) -> None:
        super().__init__(f"this key was wrapped by {wrapped_by}, but this process is set up for {ours}")


class KeyStoreLocked(Exception):
    """Raised when the root key of a local key store does not open: a wrong passphrase, another file, or damage."""
