"""What this room refuses."""

from tenants.refusals import N_, Conflict, Invalid, Message


class HolidaysUnknown(Invalid):
    """Raised when a day is of a year whose statutory holidays are not listed."""

    def __init__(self, year: int, first: int, last: int) -> None:
        expected = Message(N_("只能登记 %(first)s 年至 %(last)s 年的工时"), first=first, last=last)
        super().__init__(N_("%(expected)s"), {"worked_on": expected}, expected=expected)
        self.year = year


class NoRate(Conflict):
    """Raised when time is entered for somebody who has no rate on that day."""

    def __init__(self, name: str, on: str) -> None:
        super().__init__(N_("%(name)s 在 %(on)s 没有工时费率，请财务先设置。"), name=name, on=on)
