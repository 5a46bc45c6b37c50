"""Closing (结案): the summary that the merchant reads and the improvements that the agency takes from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from anshou.people.permissions import Permission as P
from anshou.tickets.kinds import Outcome
from anshou.tickets.objecting import no_objection
from anshou.tickets.process import CLOSED, Actor, Lead, Move, Need
from anshou.tickets.records import IN_THE_FUTURE, Record, moment, person, rows, text
from tenants.refusals import N_


class ImprovementDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One improvement measure, with an owner and a deadline (domain.md section 5)."""

    action: Annotated[str, text(N_("改进措施"), longest=1000)]
    owner: Annotated[UUID, person(N_("责任人"))]
    deadline: Annotated[datetime, moment(N_("完成期限"))]


class Closing(Record, frozen=True, kw_only=True):
    """The end of a resolved matter."""

    summary: Annotated[str, text(N_("结案小结"), shown=True)]
    improvements: Annotated[tuple[ImprovementDraft, ...], rows(N_("改进措施"), widget="improvements")] = ()

    def faults(self, at: datetime) -> Mapping[str, str]:
        """Every deadline lies ahead."""
        return {} if all(each.deadline > at for each in self.improvements) else {"improvements": IN_THE_FUTURE}


def close(*at: str, needs: tuple[Need, ...]) -> Move[Closing]:
    """To closed, by an agent, with the summary."""
    return Move(
        name="close",
        label=N_("结案"),
        at=at,
        by=((Actor.AGENCY, P.CLOSE_TICKET),),
        record=Closing,
        leads=(Lead(to=CLOSED),),
        needs=(*needs, no_objection),
        outcome=Outcome.RESOLVED,
        shown=True,
    )
