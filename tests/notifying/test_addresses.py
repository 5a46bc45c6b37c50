"""A robot lives at its messenger's own address, or nowhere."""

import pytest

from anshou.notifying.errors import RobotAddressRefused
from anshou.notifying.robots.messengers import Messenger, check_robot_address, key_of
from anshou.webhooks.errors import DestinationRefused

GOOD = {
    Messenger.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4",
    Messenger.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec",
    Messenger.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/9f3a1c",
}


@pytest.mark.parametrize("messenger", Messenger)
def test_the_address_that_the_messenger_shows_is_taken(messenger: Messenger) -> None:
    assert check_robot_address(messenger, GOOD[messenger], also=()) == GOOD[messenger]
    assert key_of(messenger, GOOD[messenger]) in ("693axxx6-7aoc-4bc4", "566cc69da782ec", "9f3a1c")


@pytest.mark.parametrize(
    "url",
    [
        GOOD[Messenger.DINGTALK],
        "https://evil.test/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com.evil.test/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=1&corpsecret=2",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1&debug=1",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "http://127.0.0.1:5432/cgi-bin/webhook/send?key=1",
    ],
)
def test_no_other_address_is(url: str) -> None:
    with pytest.raises(RobotAddressRefused):
        check_robot_address(Messenger.WECOM, url, also=())


@pytest.mark.parametrize("url", ["http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "ftp://x", "https://u:p@x/"])
def test_nothing_is_sent_in_the_clear(url: str) -> None:
    with pytest.raises(DestinationRefused):
        check_robot_address(Messenger.WECOM, url, also=("x",))


def test_a_host_that_the_operator_names_is_taken_besides() -> None:
    relay = "https://relay.anhe.test:8443/robot/send?access_token=566cc69da782ec"
    assert check_robot_address(Messenger.DINGTALK, relay, also=("relay.anhe.test",)) == relay
