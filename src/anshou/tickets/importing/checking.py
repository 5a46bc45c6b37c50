"""From rows of texts to what they say, with a finding wherever a cell does not say it plainly. Pure and repeatable:
the same rows, choices and typed cells give the same lines and findings.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial

from anshou.tickets.importing.amounts import read_amount, yuan
from anshou.tickets.importing.dates import Habits, Moment, Rule, likely_moment, read_moment
from anshou.tickets.importing.fields import KEPT_ASIDE, MERGED, Field
from anshou.tickets.importing.lines import Changes, Checked, Choices, Finding, Ground, Line, Weight, weight_of
from anshou.tickets.importing.marks import Marks, chosen_beside
from anshou.tickets.importing.meant import Meanings, id_of
from anshou.tickets.importing.surveying import is_subtotal
from anshou.tickets.records import LINE
from billing.bills import values

# Chosen for a merchant that is not to be imported: its rows are left out.
LEFT_OUT = "!"

# Of a description, where no column holds a title.
TITLE_LENGTH = 40

# Rows after which it is told how many are done.
_BETWEEN_TELLING = 2_000


class Checking:
    """Reads the rows of one file in their order, some at a time; `unfit` are the numbers of those with a problem."""

    def __init__(
        self, choices: Choices, ground: Ground, *, changes: Changes | None = None, skipped: Collection[int] = ()
    ) -> None:
        self._choices, self._ground, self._changes = choices, ground, changes or {}
        self._skipped = skipped
        self._places = {one: place for one in Field if (place := choices.place_of(one)) is not None}
        self._aside = [(one, one.value) for one in KEPT_ASIDE if one in self._places]
        self._typed_in = {line for line, _ in self._changes}
        self._done = Checked()
        self.unfit: list[int] = []
        self._rules: dict[tuple[Field, Rule], Finding] = {}
        self._counts: dict[tuple[Field, Rule], int] = {}
        # Of the row being read.
        self._met: list[tuple[Field, Rule, str, Callable[[], str]]] = []
        self._seen: dict[bytes, int] = {}
        self._above: dict[Field, str] = {}
        # Cells repeat: a month has thirty days, and a ledger six kinds.
        self._moments: dict[tuple[Field, str, date | None], Moment | None] = {}
        self._amounts: dict[str, tuple[int, Rule | None] | None] = {}
        self._marks = Marks(ground.salt, ground.zone)
        self._meanings = Meanings(choices, self._places, key=self._marks.key, note=self._note)
        self._texts: dict[str, str] = {}
        self._instants: dict[tuple[date, time | None], datetime] = {}
        self._shops = {shop.id: shop.merchant for shop in ground.known.shops}

    def read(self, rows: Sequence[tuple[int, list[str]]]) -> list[Line]:
        """Read the next rows. Answers those of them that can become tickets."""
        before = len(self._done.lines)
        for number, cells in rows:
            if number not in self._skipped:
                self._row(number, cells)
        self._done.rows += len(rows)
        return self._done.lines[before:]

    def check(self, rows: Sequence[tuple[int, list[str]]], tell: Callable[[int], None]) -> Checked:
        """Every row that is not skipped. `tell` hears now and then how many are done."""
        for start in range(0, len(rows), _BETWEEN_TELLING):
            tell(start)
            self.read(rows[start : start + _BETWEEN_TELLING])
        for key, first in self._rules.items():
            told = Finding(first.line, first.field, first.rule, first.raw, first.proposed, self._counts[key])
            self._done.findings.append(told)
        return self._done

    def _row(self, number: int, cells: Sequence[str]) -> None:
        if is_subtotal(cells):
            said_at_all = " ".join(text for cell in cells if (text := values.plain(cell)))
            self._note(number, Field.DESCRIPTION, Rule.SUBTOTAL, said_at_all[:80])
            return
        before = len(self._done.findings)
        said = self._said(number, cells)
        merchant = self._meanings.of_cell(number, Field.MERCHANT, said.get(Field.MERCHANT, ""))
        if merchant == LEFT_OUT:
            return
        self._met.clear()
        line = self._line(number, said, merchant)
        for one in MERGED:
            if said.get(one):
                self._above[one] = said[one]
        if any(weight_of(each.rule) is Weight.PROBLEM for each in self._done.findings[before:]):
            self.unfit.append(number)
            line = None
        if line is not None:
            self._marks.give(line, said)
            if (there := self._ground.there.get(line.fingerprint)) is not None:
                # Nothing is to be decided about what is a ticket already.
                self._done.there[number] = there
                del self._done.findings[before:]
                return
        for one, rule, raw, proposed in self._met:
            key = one, rule
            self._counts[key] = self._counts.get(key, 0) + 1
            if key not in self._rules:
                self._rules[key] = Finding(number, one, rule, raw, proposed())
        if line is not None:
            self._weigh(line)

    def _said(self, number: int, cells: Sequence[str]) -> dict[Field, str]:
        """What the row says of each field, as it was typed anew or as it stands there."""
        texts, width, said = self._texts, len(cells), {}
        for one, place in self._places.items():
            cell = cells[place] if place < width else ""
            text = texts.get(cell)
            if text is None:
                text = texts[cell] = values.something(cell)
            said[one] = text
        if number in self._typed_in:
            for one in self._places:
                said[one] = self._changes.get((number, one.value), said[one])
        for one in MERGED:
            if said.get(one) == "" and one in self._above and self._choices.meaning(one, "") is None:
                said[one] = self._above[one]
                self._note(number, one, Rule.ABOVE, "", said[one])
        return said

    def _line(self, number: int, said: Mapping[Field, str], merchant: str | None) -> Line | None:
        meant = self._meanings.of_row(number, chosen_beside(said))
        registered = self._moment(number, said, Field.REGISTERED, None)
        start = registered.day if registered else None
        occurred = self._moment(number, said, Field.OCCURRED, start) if said.get(Field.OCCURRED) else registered
        promised = self._moment(number, said, Field.PROMISED, start) if said.get(Field.PROMISED) else None
        finished = self._moment(number, said, Field.FINISHED, start) if said.get(Field.FINISHED) else None
        amount = self._amount(number, said.get(Field.AMOUNT, ""))
        title, description = self._words(number, said)
        if meant.shop and merchant and self._shops.get(meant.shop) != id_of(merchant):
            self._note(number, Field.SHOP, Rule.ELSEWHERE, said[Field.SHOP])
        if registered is None or not (merchant and title):
            return None
        if not (meant.kind and meant.standing and meant.channel and meant.urgency):
            return None
        if id_of(merchant) in self._ground.known.ended:
            self._note(number, Field.MERCHANT, Rule.ENDED, said.get(Field.MERCHANT, ""))
        opened_at = self._instant(registered)
        if registered.clock is None:
            self._rule(Field.REGISTERED, Rule.MIDNIGHT, said[Field.REGISTERED], registered.text)
        if opened_at > self._ground.now:
            self._note(number, Field.REGISTERED, Rule.FUTURE, said[Field.REGISTERED])
        is_over = meant.standing.is_finished
        closed_at = self._closing(number, said, registered, promised, finished) if is_over else None
        inner = {name: said[one] for one, name in self._aside if said[one]}
        if meant.party is not None:
            inner["party_code"] = meant.party
        if amount is not None:
            inner[Field.AMOUNT.value] = yuan(amount)
        if finished is not None and not is_over:
            inner[Field.FINISHED.value] = finished.text()
        return Line(
            number=number,
            source=self._marks.key(said.get(Field.NUMBER, "")),
            merchant=id_of(merchant),
            shop=meant.shop,
            kind=meant.kind,
            standing=meant.standing,
            channel=meant.channel,
            urgency=meant.urgency,
            department=meant.department,
            owner=meant.owner,
            title=title,
            description=description,
            request=said.get(Field.REQUEST, ""),
            opened_at=opened_at,
            occurred_on=occurred.day if occurred else registered.day,
            promised_at=self._instant(promised) if promised else None,
            closed_at=closed_at,
            fen=amount,
            plan=said.get(Field.PLAN, ""),
            result=said.get(Field.RESULT, ""),
            inner=inner,
        )

    def _moment(self, number: int, said: Mapping[Field, str], one: Field, after: date | None) -> Moment | None:
        cell = said.get(one, "")
        if not cell:
            self._note(number, one, Rule.MISSING, "")
            return None
        key = one, cell, after
        if key not in self._moments:
            self._moments[key] = read_moment(cell, self._ground.habits.get(one, Habits()), after=after)
        found = self._moments[key]
        if found is None:
            self._note(number, one, Rule.UNREADABLE, cell, likely_moment(cell))
        elif found.rule is Rule.WRITTEN:
            self._rule(one, Rule.WRITTEN, cell, found.text)
        elif found.rule is not None:
            self._note(number, one, found.rule, cell, found.text())
        return found

    def _amount(self, number: int, cell: str) -> int | None:
        if not cell:
            return None
        if cell not in self._amounts:
            self._amounts[cell] = read_amount(cell)
        found = self._amounts[cell]
        if found is None:
            self._note(number, Field.AMOUNT, Rule.UNREADABLE, cell)
            return None
        fen, rule = found
        if rule is Rule.AMOUNT:
            self._rule(Field.AMOUNT, rule, cell, partial(yuan, fen))
        elif rule is not None:
            self._note(number, Field.AMOUNT, rule, cell, yuan(fen))
        return fen

    def _words(self, number: int, said: Mapping[Field, str]) -> tuple[str, str]:
        title, description = said.get(Field.TITLE, ""), said.get(Field.DESCRIPTION, "")
        if not title and description:
            title = " ".join(description.split())
            title = title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"
            # Not the words themselves: they may be confidential, and the rule is understood without them.
            self._rule(Field.TITLE, Rule.TITLE, "", str)
        if not title:
            self._note(number, Field.DESCRIPTION, Rule.MISSING, "")
        return title[:LINE], description or title

    def _closing(
        self,
        number: int,
        said: Mapping[Field, str],
        registered: Moment,
        promised: Moment | None,
        finished: Moment | None,
    ) -> datetime:
        opened_at = self._instant(registered)
        if finished is None and not said.get(Field.FINISHED):
            if promised is not None and self._instant(promised) <= self._ground.now:
                finished = promised
                self._note(number, Field.FINISHED, Rule.FROM_PROMISE, "", promised.text())
            else:
                finished = registered
                self._note(number, Field.FINISHED, Rule.FROM_START, "", registered.text())
        if finished is None:
            return opened_at
        if finished.day < registered.day:
            self._note(number, Field.FINISHED, Rule.BACKWARDS, said.get(Field.FINISHED, ""))
        closed_at = self._instant(finished)
        if closed_at > self._ground.now:
            self._note(number, Field.FINISHED, Rule.FUTURE, said.get(Field.FINISHED, ""))
        return max(opened_at, closed_at)

    def _weigh(self, line: Line) -> None:
        """Keep it, and note whether it stands twice in the file or has changed since it became a ticket."""
        if line.fingerprint in self._seen:
            self._note(line.number, Field.DESCRIPTION, Rule.TWICE, str(self._seen[line.fingerprint]))
        elif line.identity in self._ground.alike:
            self._note(line.number, Field.DESCRIPTION, Rule.CHANGED_SINCE, self._ground.alike[line.identity])
        self._seen.setdefault(line.fingerprint, line.number)
        self._done.lines.append(line)

    def _instant(self, moment: Moment) -> datetime:
        key = moment.day, moment.clock
        if key not in self._instants:
            local = datetime.combine(moment.day, moment.clock or time.min, self._ground.zone)
            self._instants[key] = local.astimezone(UTC)
        return self._instants[key]

    def _note(self, line: int, one: Field, rule: Rule, raw: str, proposed: str = "") -> None:
        self._done.findings.append(Finding(line, one, rule, raw, proposed))

    def _rule(self, *met: *tuple[Field, Rule, str, Callable[[], str]]) -> None:
        self._met.append(met)
