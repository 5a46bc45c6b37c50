"""Files sent to the JSON door in every wrong way: no kind that is taken, too large, torn, named and described badly.

To a confidential ticket, so that nothing of a refused file may lie anywhere in the open, temporary files among it.
"""

from typing import Any
from uuid import uuid4

from tests.api.published import operations
from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.values import CANARIES, FILE

# Mebibytes; small, so that what is too large can be sent at all.
LIMIT = 2

NAME, CONTENT = CANARIES["file_name"], CANARIES["file_content"].encode()
PROGRAM = b"MZ\x90\x00" + CONTENT * 9
TOO_LARGE = FILE + (CONTENT + b"\n") * (LIMIT * 2**20 // len(CONTENT))

# What to send as `files` and `data`.
WRONG: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    ({"file": (NAME, PROGRAM, "application/pdf")}, {"audience": "merchant"}),
    ({"file": (NAME, TOO_LARGE, "application/pdf")}, {"audience": "merchant"}),
    ({"file": (NAME, FILE, "application/pdf")}, {"audience": CANARIES["said"]}),
    ({"file": (NAME, FILE, "application/pdf")}, {"audience": "merchant", CANARIES["name"]: CANARIES["phone"]}),
    ({"file": (NAME, FILE, "application/pdf")}, {"audience": f"merchant\0{CANARIES['phone']}"}),
    ({"file": (NAME * 90, FILE, "application/pdf")}, {"audience": "merchant"}),
    ({"file": (f"{NAME}.exe", FILE, CANARIES["phone"])}, {"audience": "merchant"}),
    ({"another": (NAME, FILE, "application/pdf")}, {"audience": "merchant"}),
    ({"file": (NAME, b"", "application/pdf")}, {"audience": "merchant"}),
    ({"kept": (NAME, FILE, "application/pdf")}, {"file": CANARIES["said"], "audience": "merchant"}),
)

TORN = (
    b'--x\r\ncontent-disposition: form-data; name="file"; filename="' + NAME.encode() + b'"\r\n\r\n' + CONTENT,
    b"--y\r\n" + CONTENT,
    CONTENT,
)


async def upload_wrongly(life: Life) -> None:
    """Every operation that takes a file, by both sides. Each is refused, but for names that are only cut."""
    number = life.numbers[0]
    for person in (life.house.anhe.owner, life.house.anhe.account_manager):
        async with life.ask(person) as client:
            for operation in operations():
                if operation.is_form:
                    path = operation.path.format(**dict.fromkeys(operation.parameters, number))
                    for files, data in WRONG:
                        headers = {"idempotency-key": uuid4().hex}
                        answer = await client.post(path, files=files, data=data, headers=headers)
                        life.uploaded.append(answer.status_code)
                    for body in TORN:
                        for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "application/json"):
                            headers = {"idempotency-key": uuid4().hex, "content-type": kind}
                            answer = await client.post(path, content=body, headers=headers)
                            life.uploaded.append(answer.status_code)
