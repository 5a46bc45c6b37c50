"""A webhook goes to the internet at large over https, or nowhere."""

import ipaddress

import pytest

from anshou.webhooks.destinations import check_url, is_public, resolve
from anshou.webhooks.errors import DestinationRefused


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/anshou?team=1",
        "https://hooks.example.com:8443/",
        "https://93.184.216.34/",
        "http://localhost:9000/hook",
        "http://127.0.0.1/hook",
        "http://[::1]:9000/hook",
    ],
)
def test_https_and_the_loopback_are_accepted_by_their_looks(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/ x",
        "https://hooks.example.com/\r\nx: y",
        "https://例子.example/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "https://hooks.example.com/" + "x" * 2048,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(DestinationRefused) as refused:
        check_url(url)
    assert set(refused.value.fields) == {"url"}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",  # noqa: S104
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0x7f000001", "2130706433", "127.1"])
async def test_a_name_for_an_inner_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(DestinationRefused):
        await resolve(host, 443, allow_private=False)


async def test_an_inner_address_is_used_where_the_operator_allows_it() -> None:
    assert await resolve("127.0.0.1", 443, allow_private=True) == ["127.0.0.1"]


async def test_a_name_that_does_not_resolve_is_refused() -> None:
    with pytest.raises(DestinationRefused):
        await resolve("no-such-host.invalid", 443, allow_private=True)
