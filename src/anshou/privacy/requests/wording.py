"""What the detail of a step says to people: codes in words, ids left out."""

from collections.abc import Callable

from anshou.privacy.requests.kinds import Decision, Ground, Proof, Right, Step
from anshou.privacy.requests.rows import RequestStep
from tenants.labels import Labelled

_WORDS: dict[Step, tuple[type[Labelled], ...]] = {
    Step.RECEIVED: (Right,),
    Step.IDENTIFIED: (Proof,),
    Step.DECIDED: (Decision, Ground),
    Step.EXECUTED: (Right,),
}


def detail_of(step: RequestStep, translate: Callable[[str], str]) -> str:
    """The detail in the reader's language; nothing where it names a row."""
    words = []
    for code in step.detail.split():
        for labels in _WORDS.get(step.step, ()):
            member = next((one for one in labels if one.value == code), None)
            if member is not None:
                words.append(translate(member.label))
    return " · ".join(words)
