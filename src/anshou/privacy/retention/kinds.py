"""What a kind of kept things is: when its period starts, how long it is at least, what of it goes and what stays."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.erasing import Content
from tenants.labels import Labelled
from tenants.refusals import N_


class Unit(Labelled):
    """In which unit a kind's period is given."""

    DAYS = "days", N_("天")
    MONTHS = "months", N_("个月")


class Way(Labelled):
    """How a kind goes.

    `LISTED` ones go batch by batch, each named on the list outside the database, so that a restored backup does not
    bring them back. `SWEPT` ones hold nothing confidential and are deleted by the upkeep of their room; what a backup
    brings back of them goes with the next sweep. `KEPT` ones stay.
    """

    LISTED = "listed", N_("按批清除，恢复备份后仍保持清除")
    SWEPT = "swept", N_("日常清理")
    KEPT = "kept", N_("不清除")


@dataclass(frozen=True, slots=True)
class Minimum:
    """The shortest period that a law allows, in the kind's unit. `law` names it and the article, `why` what it says."""

    value: int
    law: str
    why: str


@dataclass(frozen=True, slots=True)
class Files:
    """Objects in the storage that go with a subject: their keys stand in `column` of the rows found by `by`."""

    table: str
    by: str
    column: str = "storage_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of kept things. `code` stands in settings, erasures and the list outside for good.

    `subjects` is SQL that answers id, merchant_id, ticket_id and started_at of every subject; a subject becomes due as
    a whole. `starts` says in words when the period starts, `stays` what remains after it.
    """

    code: str
    label: str
    starts: str
    stays: str
    unit: Unit
    default: int
    way: Way = Way.LISTED
    minimum: Minimum | None = None
    maximum: int = 600
    note: str = ""
    table: str = ""
    subjects: str = ""
    contents: tuple[Content, ...] = ()
    files: tuple[Files, ...] = ()

    def before(self, at: datetime, value: int) -> datetime:
        """What started before this instant is due at `at`, under a period of `value`."""
        return at - timedelta(days=value) if self.unit is Unit.DAYS else months_before(at, value)


def months_before(at: datetime, months: int) -> datetime:
    """The same day so many months earlier, or that month's last day if it is shorter (民法典 art. 202)."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = at.day
    while True:
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1
