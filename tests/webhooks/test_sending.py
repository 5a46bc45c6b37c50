"""One attempt: what is sent, what is believed, and where it never goes."""

import pytest

from anshou.webhooks import sending
from anshou.webhooks.sending import send
from tests.webhooks.receiver import listening


async def test_the_body_and_the_signature_arrive_as_they_are() -> None:
    async with listening() as receiver:
        outcome = await send(receiver.url, b'{"a":1}', {"webhook-id": "m1"}, allow_private=True)
    assert outcome.delivered
    assert outcome.status == 204
    [received] = receiver.received
    assert received.request_line == "POST /hook HTTP/1.1"
    assert received.body == b'{"a":1}'
    assert received.headers["webhook-id"] == "m1"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize(("line", "gone"), [("500 Oops", False), ("404 Not Found", False), ("410 Gone", True)])
async def test_any_other_status_is_no_delivery(line: str, gone: bool) -> None:
    async with listening(f"HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n".encode()) as receiver:
        outcome = await send(receiver.url, b"{}", {}, allow_private=True)
    assert not outcome.delivered
    assert outcome.gone is gone
    assert outcome.failure is None


async def test_a_redirect_is_not_followed() -> None:
    async with listening() as other:
        redirect = f"HTTP/1.1 307 x\r\nlocation: {other.url}\r\ncontent-length: 0\r\n\r\n".encode()
        async with listening(redirect) as receiver:
            outcome = await send(receiver.url, b"{}", {}, allow_private=True)
    assert outcome.status == 307
    assert not outcome.delivered
    assert other.received == []


async def test_nothing_is_sent_into_our_own_network() -> None:
    async with listening() as receiver:
        outcome = await send(receiver.url, b"{}", {}, allow_private=False)
    assert outcome.failure == "destination refused"
    assert receiver.received == []


async def test_a_connection_cut_without_an_answer_is_a_failure() -> None:
    async with listening(b"") as receiver:
        outcome = await send(receiver.url, b"{}", {}, allow_private=True)
    assert (outcome.status, outcome.failure) == (None, "connection broken")


async def test_nobody_listening_is_a_failure() -> None:
    async with listening() as receiver:
        url = receiver.url
    outcome = await send(url, b"{}", {}, allow_private=True)
    assert (outcome.status, outcome.failure) == (None, "no connection")


@pytest.mark.parametrize("limit", ["IDLE_TIMEOUT", "WHOLE_TIMEOUT"])
async def test_a_receiver_that_does_not_finish_its_answer_is_not_waited_for(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, limit, 0.1)
    async with listening(b"HTTP/1.1 200 ", holds=True) as receiver:
        outcome = await send(receiver.url, b"{}", {}, allow_private=True)
    assert (outcome.status, outcome.failure) == (None, "timed out")


async def test_an_endless_answer_is_not_read() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"
    async with listening(head + b"x" * 100_000) as receiver:
        outcome = await send(receiver.url, b"{}", {}, allow_private=True)
    assert outcome.delivered
    assert outcome.milliseconds < 5_000
