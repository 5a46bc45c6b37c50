"""The desk with two columns: what others say on the left, what the books say on the right."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.finance.bench import Bench, read_bench
from anshou.finance.reconciling import explain, explain_transfers, match_by_hand, merge, reconcile
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.query_values import identifier
from anshou.portal.reconciliation.places import RECONCILIATION, bench_of, label_of
from billing.days import month_named
from billing.ledger.periods import month_after
from billing.reconciliation.lines import Line
from tenants.refusals import N_, Invalid, Refusal

# More than a screen of each side; the search finds the others.
SHOWN = 300
OFFERED = 20


class NoSuchMonth(Invalid):
    """Raised when the address names no month."""

    def __init__(self) -> None:
        super().__init__(N_("请从对账页选择账户和月份。"))


@get(f"{RECONCILIATION}/bench")
async def bench_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Both sides of an account's month; `q` narrows them by amount, number or text."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    return await _page(request, visit, dict(request.query_params))


@post(f"{RECONCILIATION}/run", status_code=303)
async def run(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Match what is certain."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = await _asked(request)
    source, account, month = _which(asked)
    done = await reconcile(
        visit.session, source, first=month, last=_last(month), by=visit.person, at=visit.at, account=account
    )
    said = language_of(request).say(
        N_("自动匹配了 %(matched)s 组，另有 %(offered)s 组建议待确认。"),
        matched=len(done.matched),
        offered=len(done.suggestions),
    )
    return go_to(request, bench_of(source, account, month), Notice(said))


@post(f"{RECONCILIATION}/match", status_code=303)
async def submit_match(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Match or explain what was ticked; what was ticked stays so where it is refused."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = await _asked(request)
    source, account, month = _which(asked)
    chosen = [line for value in (await request.form()).getall("line", []) if (line := identifier(str(value)))]
    note = asked.get("note", "")
    try:
        async with visit.session.begin_nested():
            said = await _do(visit, asked.get("deed", ""), chosen, note)
    except Refusal as refusal:
        return await _page(request, visit, asked, refusal, set(chosen))
    return go_to(request, bench_of(source, account, month), Notice(language_of(request).say(said, count=len(chosen))))


@post(f"{RECONCILIATION}/transfers", status_code=303)
async def submit_transfers(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Explain what only moved between own accounts."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = await _asked(request)
    source, account, month = _which(asked)
    why = language_of(request).say(N_("自有账户间的资金划转"))
    try:
        async with visit.session.begin_nested():
            made = await explain_transfers(
                visit.session, source, account, first=month, last=_last(month), why=why, by=visit.person, at=visit.at
            )
    except Refusal as refusal:
        return await _page(request, visit, asked, refusal)
    said = language_of(request).say(N_("已说明 %(count)s 行资金划转，可逐行撤销。"), count=len(made))
    return go_to(request, bench_of(source, account, month), Notice(said))


async def _do(visit: Visit, deed: str, chosen: list[UUID], note: str) -> str:
    """Do with the chosen lines what the pressed button says; what to tell then."""
    if deed == "explain":
        await explain(visit.session, chosen, why=note, by=visit.person, at=visit.at)
        return N_("已说明，不再需要匹配。")
    if deed == "merge":
        await merge(visit.session, chosen, by=visit.person, at=visit.at)
        return N_("已将 %(count)s 行合并为一行。")
    await match_by_hand(visit.session, chosen, note=note, by=visit.person, at=visit.at)
    return N_("已匹配 %(count)s 行。")


def _last(month: date) -> date:
    return date.fromordinal(month_after(month).toordinal() - 1)


async def _page(
    request: Asked,
    visit: Visit,
    asked: dict[str, str],
    wrong: Refusal | None = None,
    ticked: set[UUID] | None = None,
) -> Response[str]:
    source, account, month = _which(asked)
    shown = await read_bench(visit.session, source, account, month, by=visit.person)
    words = asked.get("q", "").strip()
    external, internal = (_found(side, words) for side in (shown.external, shown.internal))
    lines = {line.id: line for line in (*shown.external, *shown.internal)}
    return page(
        request,
        "reconciliation/bench.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=wrong.text(language_of(request).translate) if wrong else "",
        bench=shown,
        sides=_sides(external, internal),
        offered=[
            (one.reason.text(language_of(request).translate), [lines[each] for each in (*one.external, *one.internal)])
            for one in shown.suggestions[:OFFERED]
        ],
        source=source,
        account=account,
        month=month,
        q=words,
        note=asked.get("note", ""),
        ticked=ticked or set(),
        most=SHOWN,
        matched_share=_share(shown),
        label_of=label_of,
        trail=[(language_of(request).say(N_("对账")), RECONCILIATION)],
        here=bench_of(source, account, month),
    )


def _sides(external: list[Line], internal: list[Line]) -> list[dict[str, object]]:
    return [
        {"name": "external", "label": N_("对方账单"), "lines": external[:SHOWN], "count": len(external)},
        {"name": "internal", "label": N_("我方账面"), "lines": internal[:SHOWN], "count": len(internal)},
    ]


def _found(lines: Sequence[Line], words: str) -> list[Line]:
    listed = list(lines)
    if not words:
        return listed
    bare = words.lower().replace(",", "").replace("¥", "")
    return [line for line in listed if bare in _searched(line)]


def _searched(line: Line) -> str:
    amount = f"{abs(line.fen) // 100}.{abs(line.fen) % 100:02}"
    return " ".join([amount, line.text, line.counterparty, *line.references, str(line.booked_on)]).lower()


def _share(shown: Bench) -> str:
    """Matched and explained lines of all, in per cent with one decimal, rounded down: 100 only when nothing is open."""
    brought = shown.proof.brought.lines
    settled = shown.proof.matched.lines + shown.proof.explained.lines
    tenths = settled * 1000 // max(brought, settled, 1)
    return f"{tenths // 10}.{tenths % 10}"


def _which(asked: dict[str, str]) -> tuple[str, str, date]:
    """The source, account and month of an address or form. Raises NoSuchMonth."""
    month = month_named(asked.get("month", ""))
    if month is None or "source" not in asked or "account" not in asked:
        raise NoSuchMonth
    return asked["source"], asked["account"], month


async def _asked(request: Asked) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items() if isinstance(value, str)}
