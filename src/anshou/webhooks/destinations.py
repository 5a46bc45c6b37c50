"""Where a webhook may go: to the world outside, never into the network that we run in (ASVS v5.0.0-1.3.6).

The address is checked when an endpoint is registered, to tell its owner at once, and again at every connection, by
connecting to the very address that was checked: a name that resolves differently a second later gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from anshou.webhooks.errors import DestinationRefused
from tenants.refusals import N_

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Carrier-grade NAT is neither private nor global in the registry's words; cloud metadata services have lived in it.
_SHARED = ipaddress.ip_network("100.64.0.0/10")
# NAT64 and 6to4 carry an IPv4 address inside an IPv6 one that looks global.
_EMBEDDING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))

LONGEST_URL = 2048

# Seconds that a name may take to resolve; a person may be waiting for it.
RESOLVE_TIMEOUT = 5.0


def check_url(url: str) -> str:
    """The URL, if a webhook may be sent to it: https, or http to the loopback while one develops against it.

    Raises DestinationRefused. Resolves nothing; see `resolve`.
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise DestinationRefused(N_("地址应为不超过 2048 个字符的 ASCII 网址。"))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise DestinationRefused(N_("地址不是有效的网址。")) from None
    if not host or port == 0:
        raise DestinationRefused(N_("地址不是有效的网址。"))
    if parts.username is not None or parts.fragment:
        raise DestinationRefused(N_("地址中不能有用户名、密码或片段（#）。"))
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback_name(host)):
        raise DestinationRefused(N_("地址须以 https:// 开头。"))
    return url


async def resolve_url(url: str, *, allow_private: bool) -> None:
    """Tell the owner of the URL now what every delivery would find out. Raises DestinationRefused."""
    parts = urlsplit(url)
    await resolve(
        parts.hostname or "", parts.port or {"https": 443, "http": 80}[parts.scheme], allow_private=allow_private
    )


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of the host that may be connected to, in the resolver's order.

    One forbidden address among them refuses the host altogether: a mixed answer is how rebinding begins. Raises
    DestinationRefused.
    """
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise DestinationRefused(N_("地址的主机名无法解析。")) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and any(not is_public(ipaddress.ip_address(one.split("%")[0])) for one in addresses):
        raise DestinationRefused(N_("地址指向内部网络，不能使用。"))
    return addresses


def is_public(address: IpAddress) -> bool:
    """Whether the address belongs to the internet at large and not to a machine, a site or a protocol."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or _within(address, _EMBEDDING):
            return False
    return address.is_global and not address.is_multicast and not _within(address, (_SHARED,))


def _within(address: IpAddress, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _is_loopback_name(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
