"""Every robot passes these: what it says arrives, and each way of not being heard has its own error.

The group on the loopback is as strict as the real messengers; its numbers and texts are theirs.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from anshou.notifying.robots import dingtalk, feishu
from anshou.notifying.robots.loopback import LoopbackGroup, loopback_group
from anshou.notifying.robots.messengers import Messenger
from anshou.notifying.robots.posting import PostingRobot
from anshou.notifying.robots.talking import Line, OutOfReach, Robot, RobotShut, TooFast, Words, WordsRefused

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SECRET = "SEC0c0ffee"
WORDS = Words(
    heading="安和：1 项工单事项待查看",
    lines=(Line("工单 FW2611-00001：已超时", "https://anshou.test/tickets/FW2611-00001"),),
    closing="请登录后查看。",
)


@pytest.fixture(params=list(Messenger), ids=lambda one: str(one.value))
def messenger(request: pytest.FixtureRequest) -> Messenger:
    return Messenger(request.param)


@pytest.fixture
async def group() -> AsyncIterator[LoopbackGroup]:
    async with loopback_group(secret=SECRET, keyword="工单", now=lambda: AT) as opened:
        yield opened


def robot_in(group: LoopbackGroup, messenger: Messenger, *, secret: str = SECRET, at: datetime = AT) -> Robot:
    return PostingRobot(messenger, group.url(messenger), secret, also=("127.0.0.1",), now=lambda: at)


async def test_what_is_said_arrives_with_number_and_link(group: LoopbackGroup, messenger: Messenger) -> None:
    await robot_in(group, messenger).say(WORDS)
    [text] = group.texts()
    assert "FW2611-00001" in text
    assert "https://anshou.test/tickets/FW2611-00001" in text
    assert "请登录后查看。" in text


async def test_everybody_is_called_if_asked_for(group: LoopbackGroup, messenger: Messenger) -> None:
    await robot_in(group, messenger).say(Words(heading="工单", to_all=True))
    calls = {
        Messenger.WECOM: '"mentioned_list": ["@all"]',
        Messenger.DINGTALK: '"isAtAll": true',
        Messenger.FEISHU: '{"tag": "at", "user_id": "all"}',
    }
    assert calls[messenger] in group.texts()[0]


async def test_a_robot_that_was_removed_is_shut(group: LoopbackGroup, messenger: Messenger) -> None:
    group.stopped = True
    number = {Messenger.WECOM: 93000, Messenger.DINGTALK: 400102, Messenger.FEISHU: 19001}
    with pytest.raises(RobotShut, match=str(number[messenger])):
        await robot_in(group, messenger).say(WORDS)
    assert group.said == []


@pytest.mark.parametrize("messenger", [Messenger.DINGTALK, Messenger.FEISHU])
async def test_a_wrong_secret_shuts_the_robot(group: LoopbackGroup, messenger: Messenger) -> None:
    for secret in ("SECother", ""):
        with pytest.raises(RobotShut, match=r"310000|19021"):
            await robot_in(group, messenger, secret=secret).say(WORDS)


@pytest.mark.parametrize("messenger", [Messenger.DINGTALK, Messenger.FEISHU])
async def test_a_clock_that_is_hours_off_shuts_the_robot(group: LoopbackGroup, messenger: Messenger) -> None:
    with pytest.raises(RobotShut, match=r"310000|19021"):
        await robot_in(group, messenger, at=AT + timedelta(hours=2)).say(WORDS)


@pytest.mark.parametrize("messenger", [Messenger.DINGTALK, Messenger.FEISHU])
async def test_a_keyword_that_is_missing_shuts_the_robot(group: LoopbackGroup, messenger: Messenger) -> None:
    with pytest.raises(RobotShut, match=r"310000|19024"):
        await robot_in(group, messenger).say(Words(heading="Something waits"))


async def test_who_speaks_too_often_is_told_how_long_to_wait(group: LoopbackGroup, messenger: Messenger) -> None:
    robot = robot_in(group, messenger)
    for _ in range({Messenger.WECOM: 20, Messenger.DINGTALK: 20, Messenger.FEISHU: 100}[messenger]):
        await robot.say(WORDS)
    with pytest.raises(TooFast, match=r"45009|130101|11232") as refusal:
        await robot.say(WORDS)
    assert refusal.value.wait == timedelta(minutes=10 if messenger is Messenger.DINGTALK else 1)


async def test_an_answer_that_is_not_the_messengers_is_no_success(group: LoopbackGroup, messenger: Messenger) -> None:
    group.busy = True
    with pytest.raises(OutOfReach, match="502"):
        await robot_in(group, messenger).say(WORDS)


async def test_nobody_there_is_out_of_reach(group: LoopbackGroup, messenger: Messenger) -> None:
    robot = PostingRobot(
        messenger, group.url(messenger).replace(str(group.port), "9"), SECRET, also=("127.0.0.1",), now=lambda: AT
    )
    with pytest.raises(OutOfReach, match="no connection"):
        await robot.say(WORDS)


async def test_words_without_anything_in_them_are_refused(group: LoopbackGroup) -> None:
    group.keyword = ""
    for messenger in (Messenger.WECOM, Messenger.DINGTALK):
        with pytest.raises(WordsRefused, match=r"40058|40035"):
            await robot_in(group, messenger).say(Words(heading=""))


async def test_what_does_not_fit_loses_whole_lines_and_never_half_a_link(
    group: LoopbackGroup, messenger: Messenger
) -> None:
    lines = tuple(Line(f"工单 FW2611-{n:05}：已超时", f"https://anshou.test/tickets/FW2611-{n:05}") for n in range(400))
    await robot_in(group, messenger).say(Words(heading="400 项工单事项待查看", lines=lines, closing="请登录后查看。"))
    [text] = group.texts()
    assert "400 项" in text
    assert "请登录后查看。" in text
    assert text.count("https://anshou.test/tickets/FW2611-00") == text.count("工单 FW2611-00")


async def test_a_host_that_the_operator_no_longer_allows_is_not_connected_to(group: LoopbackGroup) -> None:
    robot = PostingRobot(Messenger.WECOM, group.url(Messenger.WECOM), "", also=(), now=lambda: AT)
    with pytest.raises(RobotShut, match="destination refused"):
        await robot.say(WORDS)
    assert group.asked == {}


def test_signatures_are_those_that_the_messengers_make() -> None:
    # Computed once by the recipes of both manufacturers' documentation, with `openssl dgst -sha256 -hmac`.
    assert dingtalk.signature("1700000000000", "SECdemo") == "lOvVf9TQCVugV68mGbSZCg0gzOl1SVjxWi1MyVZCUuA="
    assert feishu.signature("1599360473", "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_dingtalks_signature_is_percent_encoded_in_the_address() -> None:
    signed = dingtalk.address("https://oapi.dingtalk.com/robot/send?access_token=x", secret="SECdemo", at=AT)
    assert "&timestamp=1795312800000&sign=" in signed
    assert not set(signed.split("sign=")[1]) & set("+/=")
