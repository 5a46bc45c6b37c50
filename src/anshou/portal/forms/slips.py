"""Asking before a text with somebody's number in it is posted: a hint, and three ways to go on. Nothing typed is lost.

The form is shown again with what was found; it is sent as it stands by the button `send`, with the numbers masked by
the button `mask`, or after the person has put the number where it belongs.
"""

from collections.abc import Iterable

from anshou.gate.callers import Asked
from anshou.language import Language
from confidentiality.slips import masked, slips_in
from tenants.refusals import N_

FIELD = "slips"
SEND = "send"
MASK = "mask"


async def decided(request: Asked) -> str:
    """What the person decided about numbers in the text: SEND, MASK, or "" when they were not asked yet."""
    choice = (await request.form()).get(FIELD)
    return choice if choice in (SEND, MASK) else ""


def hint(texts: Iterable[str], language: Language) -> str:
    """What to say about the numbers in the texts, in the reader's language; "" when there are none."""
    kinds = {one.slip for text in texts for one in slips_in(text)}
    if not kinds:
        return ""
    named = language.say(N_("、")).join(language.say(kind.label) for kind in sorted(kinds))
    said = N_("内容中似有%(kinds)s，看到工单的人都能读到。建议放入消费者记录，那里会加密保存。")
    return language.say(said, kinds=named)


def as_decided(text: str, choice: str) -> str:
    """The text as it is to be posted."""
    return masked(text) if choice == MASK else text
