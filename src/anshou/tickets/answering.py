"""Answers of the merchant, given by themselves or told to an agent who writes them down on their behalf.

The policy is silent about merchants who never sign in. A good help desk takes their answer by phone, but says so: the
record then names who said it, through which channel and when, and the merchant reads that on the timeline. A signature
is never taken this way.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from anshou.tickets.kinds import Channel, Side
from anshou.tickets.records import IN_THE_PAST, Record, choice, line, moment, part
from tenants.refusals import N_


class Heard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From whom, how and when an agent heard the merchant's answer."""

    channel: Annotated[Channel, choice(N_("沟通渠道"))]
    told_by: Annotated[str, line(N_("商家答复人"))]
    told_at: Annotated[datetime, moment(N_("答复时间"))]


class MerchantAnswer(Record, frozen=True, kw_only=True):
    """The base of every record by which the merchant answers; `heard` is filled in by an agent, and only by one."""

    heard: Annotated[Heard, part(N_("代商家登记的依据"), shown=True, widget="heard", by=Side.AGENCY)] | None = None

    def faults(self, at: datetime) -> Mapping[str, str]:
        """An answer cannot have been heard in the future."""
        if self.heard is not None and self.heard.told_at > at:
            return {"heard": IN_THE_PAST}
        return {}


def wants_hearing(record: Record, *, by: Side) -> Mapping[str, str]:
    """The fault of an answer recorded by the agency without its source, or by the merchant with one."""
    if not isinstance(record, MerchantAnswer):
        return {}
    if by is Side.AGENCY and record.heard is None:
        return {"heard": N_("代商家登记时，须写明答复人、渠道和时间")}
    if by is Side.MERCHANT and record.heard is not None:
        return {"heard": N_("商家本人操作时不填写此项")}
    return {}


def heard_as_row(record: MerchantAnswer) -> dict[str, Any]:
    """The column that keeps from whom an answer was heard, none when the merchant gave it themselves."""
    return {} if record.heard is None else {"heard": msgspec.to_builtins(record.heard)}
