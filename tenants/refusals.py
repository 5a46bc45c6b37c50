"""What the product refuses, said so that the person who asked can put it right.

A refusal carries a message id in Chinese with named placeholders and its parameters; the doors translate it and
choose the status code by class. A message never contains a value that a person typed into a confidential field.
"""

from collections.abc import Callable, Mapping
from typing import Self

from tenants.labels import Labelled


def N_(message: str) -> str:
    """Mark a message for the catalogues without translating it now."""
    return message


class Message(str):
    """A Chinese message id with its parameters: reads as Chinese text, and can be said in another language.

    Parameters that are messages or labelled members are translated too.
    """

    msgid: str
    params: Mapping[str, object]

    def __new__(cls, msgid: str, /, **params: object) -> Self:
        """Fill the parameters in, so that the value is complete wherever a plain string is expected."""
        message = super().__new__(cls, said(msgid, params, str))
        message.msgid = msgid
        message.params = params
        return message

    def text(self, translate: Callable[[str], str]) -> str:
        """The message in the reader's language."""
        return said(self.msgid, self.params, translate)


def said(msgid: str, params: Mapping[str, object], translate: Callable[[str], str]) -> str:
    """A message with its parameters in the reader's language; those that are messages or labelled members too."""

    def shown(value: object) -> object:
        if isinstance(value, Message):
            return value.text(translate)
        return translate(value.label) if isinstance(value, Labelled) else value

    translated = translate(msgid)
    return translated % {name: shown(value) for name, value in params.items()} if params else translated


class Refusal(Exception):
    """Raised when a rule of the business forbids what was asked. Rolls the transaction back."""

    def __init__(self, message: str, /, **params: object) -> None:
        self.message = message
        self.params = params
        super().__init__(self.text(str))

    def text(self, translate: Callable[[str], str]) -> str:
        """The message in the reader's language; parameters that are messages or labelled members too."""
        return said(self.message, self.params, translate)

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

    def field_texts(self, translate: Callable[[str], str]) -> dict[str, str]:
        """What was expected of each field, in the reader's language."""
        return {
            name: expected.text(translate) if isinstance(expected, Message) else translate(expected)
            for name, expected in self.fields.items()
        }
