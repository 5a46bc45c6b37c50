"""The step bar: where a ticket stands in its process, and what lies behind and ahead."""

from dataclasses import dataclass
from typing import Literal

from anshou.language import Language
from anshou.tickets.process import CLOSED
from anshou.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step; `title` says who acts there."""

    label: str
    state: Literal["done", "now", "ahead"]
    title: str


def step_bar(ticket: Ticket, language: Language) -> list[ShownStep]:
    """The steps of the ticket's process in the policy's order.

    Steps before the present one count as done, although an early end or a way back may have passed some of them over:
    the bar says where the ticket stands, the timeline how it came there.
    """
    steps = ticket.process.steps
    present = [step.name for step in steps].index(ticket.step)
    return [
        ShownStep(
            language.say(step.label),
            "done"
            if number < present or step.name == ticket.step == CLOSED
            else "now"
            if number == present
            else "ahead",
            language.say(step.actor),
        )
        for number, step in enumerate(steps)
    ]
