"""The messengers whose robots can be registered: where they live, how often they may speak, how they are spoken to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from anshou.notifying.errors import RobotAddressRefused
from anshou.notifying.robots import dingtalk, feishu, wecom
from anshou.notifying.robots.answers import Codes
from anshou.notifying.robots.talking import Words
from anshou.webhooks.destinations import check_url
from tenants.labels import Labelled
from tenants.refusals import N_


class Messenger(Labelled):
    """Whose robot it is."""

    WECOM = "wecom", N_("企业微信")
    DINGTALK = "dingtalk", N_("钉钉")
    FEISHU = "feishu", N_("飞书")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a messenger is spoken to.

    `pause` is the least time between two messages of one robot, so that its allowance of a minute always suffices.
    `key_in` names the query parameter with the key; empty where the key is the end of the path.
    """

    hosts: frozenset[str]
    path: str
    key_in: str
    pause: timedelta
    codes: Codes
    message: Callable[..., Mapping[str, object]]
    address: Callable[..., str]

    def body(self, words: Words, *, secret: str, at: datetime) -> Mapping[str, object]:
        """The message for these words."""
        return self.message(words, secret=secret, at=at)

    def signed(self, url: str, *, secret: str, at: datetime) -> str:
        """The address to post it to."""
        return self.address(url, secret=secret, at=at)


MANNERS: Mapping[Messenger, Manners] = {
    Messenger.WECOM: Manners(
        hosts=frozenset({"qyapi.weixin.qq.com"}),
        path="/cgi-bin/webhook/send",
        key_in="key",
        pause=timedelta(seconds=3),
        codes=wecom.CODES,
        message=wecom.message,
        address=wecom.address,
    ),
    Messenger.DINGTALK: Manners(
        hosts=frozenset({"oapi.dingtalk.com"}),
        path="/robot/send",
        key_in="access_token",
        pause=timedelta(seconds=3),
        codes=dingtalk.CODES,
        message=dingtalk.message,
        address=dingtalk.address,
    ),
    Messenger.FEISHU: Manners(
        hosts=frozenset({"open.feishu.cn", "open.larksuite.com"}),
        path="/open-apis/bot/v2/hook/",
        key_in="",
        pause=timedelta(milliseconds=600),
        codes=feishu.CODES,
        message=feishu.message,
        address=feishu.address,
    ),
}


def check_robot_address(messenger: Messenger, url: str, *, also: Collection[str]) -> str:
    """The address, if a robot of this messenger can have it; `also` are hosts that the operator allows besides.

    Raises RobotAddressRefused or DestinationRefused. The messenger's own hosts and its one path: whoever registers a
    robot does not get to choose what our server connects to.
    """
    check_url(url)
    manners, parts = MANNERS[messenger], urlsplit(url)
    if parts.hostname not in manners.hosts and parts.hostname not in also:
        raise RobotAddressRefused(messenger)
    if not key_of(messenger, url) or (parts.port not in (None, 443) and parts.hostname in manners.hosts):
        raise RobotAddressRefused(messenger)
    return url


def key_of(messenger: Messenger, url: str) -> str:
    """The key in the address; empty if it is not an address of this messenger's robots."""
    manners, parts = MANNERS[messenger], urlsplit(url)
    query: dict[str, Any] = parse_qs(parts.query)
    if not manners.key_in:
        key = parts.path.removeprefix(manners.path)
        return key if parts.path.startswith(manners.path) and "/" not in key and not parts.query else ""
    alone = parts.path == manners.path and set(query) == {manners.key_in}
    return str(query[manners.key_in][0]) if alone else ""
