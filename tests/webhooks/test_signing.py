"""Webhook signatures are those of the Standard Webhooks specification."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from anshou.webhooks.signing import new_secret, signed_headers

# The example of the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'


def test_the_specifications_own_example_is_signed_alike() -> None:
    assert signed_headers(MESSAGE_ID, AT, BODY, [SECRET]) == {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_while_a_secret_is_rotated_both_sign() -> None:
    old, new = new_secret(), new_secret()
    signature = signed_headers(MESSAGE_ID, AT, BODY, [new, old])["webhook-signature"]
    assert signature.split() == [signed_headers(MESSAGE_ID, AT, BODY, [one])["webhook-signature"] for one in (new, old)]


def test_a_new_secret_holds_256_random_bits() -> None:
    secret = new_secret()
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != new_secret()


def test_a_changed_body_has_another_signature() -> None:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    content = f"{MESSAGE_ID}.1614265330.".encode() + b"{}"
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert signed_headers(MESSAGE_ID, AT, b"{}", [SECRET])["webhook-signature"] == f"v1,{expected}"
