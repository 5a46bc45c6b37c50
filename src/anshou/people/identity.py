"""The seam for signing in with an identity provider (OpenID Connect, WeCom, DingTalk, Feishu). No adapter yet.

An adapter builds the address to send the browser to, and exchanges what comes back for who it was. Which account that
is, is decided here and never by e-mail: the key is (issuer, subject). The caller keeps `state`, `nonce` and
`verifier` on the server, uses them once and compares `state` before it calls `exchange`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one sign-in attempt is bound to, kept on the server between the two halves of it."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the provider says it was. `subject` is unique for the issuer; `claims` is what else it told."""

    issuer: str
    subject: str
    claims: Mapping[str, str] = field(default_factory=dict)


class IdentityRefused(Exception):
    """Raised when the provider's answer cannot be trusted or the person is not one of the agency's."""


class IdentityProvider(Protocol):
    """A provider of identities that an agency has set up."""

    def authorize_url(self, attempt: Attempt) -> str:
        """The address to send the browser to."""

    async def exchange(self, attempt: Attempt, answer: Mapping[str, str]) -> Identity:
        """Who came back, from the query parameters of the callback. Raises IdentityRefused."""
