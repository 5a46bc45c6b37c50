"""Where requests stand at each desk, and how their time is shown."""

from datetime import datetime, timedelta

from anshou.language import Language
from anshou.portal.pages import Tone
from anshou.privacy.requests.kinds import Decision, State
from anshou.privacy.requests.rows import SubjectRequest
from tenants.refusals import N_

REQUESTS = "/requests"
MY_REQUESTS = "/my/data/requests"

TONES = {
    State.RECEIVED: "amber",
    State.IDENTIFIED: "blue",
    State.DECIDED: "blue",
    State.EXECUTED: "blue",
    State.ANSWERED: "green",
}


def address_of(number: str) -> str:
    """The request's page at the agency's desk."""
    return f"{REQUESTS}/{number}"


def time_left(request: SubjectRequest, now: datetime, language: Language) -> tuple[str, Tone]:
    """How much of its time is left, in days, and how loudly to say it."""
    if request.answered_at is not None:
        late = request.breached_at is not None
        return language.say(N_("已答复（超期）") if late else N_("按期答复")), "bad" if late else "good"
    left = request.due_at - now
    if left < timedelta(0):
        return language.say(N_("超期 %(days)s 天"), days=-left // timedelta(days=1)), "bad"
    days = left // timedelta(days=1)
    return language.say(N_("剩余 %(days)s 天"), days=days), "warn" if now >= request.warn_at else ""


def progress(request: SubjectRequest, language: Language) -> list[dict[str, str]]:
    """The steps for the step bar."""
    states = list(State)
    if request.decision is Decision.REFUSED:
        # Nothing is carried out of what was refused.
        states.remove(State.EXECUTED)
    here = states.index(request.state)
    return [
        {
            "label": language.say(state.label),
            "state": "done" if number < here or request.answered_at else "now" if number == here else "ahead",
        }
        for number, state in enumerate(states)
    ]
