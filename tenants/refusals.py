"""What the product refuses, said so that the person who asked can put it right.

A refusal carries a message id in Chinese with named placeholders and its parameters; the doors translate it and
choose the status code by class. A message never contains a value that a person typed into a confidential field.
"""

from collections.abc import Callable, Mapping

from tenants.labels import Labelled


def N_(message: str) -> str:
    """Mark a message for the catalogues without translating it now."""
    return message


class Refusal(Exception):
    """Raised when a rule of the business forbids what was asked. Rolls the transaction back."""

    def __init__(self, message: str, /, **params: object) -> None:
        self.message = message
        self.params = params
        super().__init__(self.text(str))

    def text(self, translate: Callable[[str], str]) -> str:
        """The message in the reader's language; a parameter that is a labelled member shows as its label."""
        shown = {
            name: translate(value.label) if isinstance(value, Labelled) else value
            for name, value in self.params.items()
        }
        return translate(self.message) % shown if shown else translate(self.message)

    @property
    def code(self) -> str:
        """The refusal's stable name for programs, e.g. `TicketNotFound`."""
        return type(self).__name__


class NotFound(Refusal):
    """Raised when the thing does not exist or belongs to somebody else: the two are never told apart."""


class NotPermitted(Refusal):
    """Raised when the person is known but the permission matrix does not grant the action."""


class Conflict(Refusal):
    """Raised when the action was possible once but something else happened first."""


class Invalid(Refusal):
    """Raised when what was given cannot be accepted; `fields` maps field names to what was expected."""

    def __init__(self, message: str, /, fields: Mapping[str, str] | None = None, **params: object) -> None:
        self.fields = dict(fields or {})
        super().__init__(message, **params)
