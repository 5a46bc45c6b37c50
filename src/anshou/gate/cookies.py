"""The cookies of the portal: their names, their limits, and how each is set and taken away.

Under https every name carries the `__Host-` prefix: the browser then takes the cookie from this very host only, with
`Secure` and path `/`, so that a neighbouring subdomain cannot plant a session (RFC 6265bis section 4.1.3.2).
"""

from dataclasses import dataclass

from litestar.datastructures import Cookie

# Signed in: `<agency code>.<token>`.
SESSION = "sid"
# Not signed in: what the forgery token of the sign-in form is bound to.
VISITOR = "visitor"
LANGUAGE = "lang"
# Light or dark, where this browser shall not follow the device.
THEME = "theme"
# Between password and second factor: `<agency code>.<token>`, and where to go afterwards.
CHALLENGE = "challenge"
NEXT = "next"
# The agency code that was typed last.
AGENCY = "agency"
# A short word about what was just done, shown once on the next page.
NOTICE = "notice"

YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """Makes the cookies of a portal that is reached under https, or not."""

    https: bool

    def name(self, name: str) -> str:
        """The name under which the browser keeps the cookie."""
        return f"__Host-{name}" if self.https else name

    def set(self, name: str, value: str, *, seconds: int | None = None) -> Cookie:
        """A cookie for `seconds`, or until the browser is closed; never readable by scripts."""
        return Cookie(
            key=self.name(name),
            value=value,
            max_age=seconds,
            path="/",
            secure=self.https,
            httponly=True,
            samesite="lax",
        )

    def clear(self, name: str) -> Cookie:
        """Take the cookie away."""
        return self.set(name, "", seconds=0)
