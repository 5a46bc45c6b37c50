"""Pages on the wire: compressed for the browser that our own page, or the person, makes ask.

A page holds what is confidential beside what its address says. Somebody on the network who could make a browser ask for
addresses of their choice would learn it from the lengths of the compressed answers (BREACH). Such requests come from
another site, and browsers say so in `Sec-Fetch-Site`: what is not said to be ours goes as it is. Besides, form tokens
differ each time (`gate.forgery`).
"""

import gzip

import brotli

from anshou.gate.callers import Asked

OURS = frozenset({"same-origin", "none"})

# Below this hardly anything is repeated.
WORTH_IT = 300

# About a millisecond for a page of fifty rows, which is then an eighth as long; higher levels take ten times as long.
_BROTLI, _GZIP = 8, 6


def compressed(request: Asked, text: str) -> tuple[bytes, dict[str, str]]:
    """The page as it goes out, and the headers that say how."""
    plain = text.encode()
    headers = {"vary": "cookie, accept-language, accept-encoding, sec-fetch-site"}
    if len(plain) < WORTH_IT or request.headers.get("sec-fetch-site") not in OURS:
        return plain, headers
    accepted = {offer.strip() for offer in request.headers.get("accept-encoding", "").split(",")}
    if "br" in accepted:
        return brotli.compress(plain, quality=_BROTLI), headers | {"content-encoding": "br"}
    if "gzip" in accepted:
        return gzip.compress(plain, _GZIP, mtime=0), headers | {"content-encoding": "gzip"}
    return plain, headers
