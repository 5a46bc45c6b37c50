"""The desk with two columns: what others say on the left, what the books say on the right.

Either side comes a page at a time, from a desk of any size; a match made by script answers with what changed alone.
"""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency

from anshou.finance.bench import PAGE, Desk, count_side, lines_page, read_bench, read_chosen, read_offers, read_proof
from anshou.finance.match_runs import latest_run, run_desk
from anshou.finance.reconciling import explain, explain_transfers, match_by_hand, merge
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.pages import Notice, fragment, go_to, language_of, page, wants_fragment
from anshou.portal.query_values import identifier
from anshou.portal.reconciliation.places import RECONCILIATION, bench_of, label_of, match_of
from billing.days import month_named
from billing.reconciliation.claims import get_match
from billing.reconciliation.open_pages import OpenLine, Order
from billing.reconciliation.proof import Proof
from billing.reconciliation.runs import MatchRun
from tenants.refusals import N_, Invalid, Refusal

OFFERED = 20
SIDES = {"external": N_("对方账单"), "internal": N_("我方账面")}


class NoSuchMonth(Invalid):
    """Raised when the address names no month."""

    def __init__(self) -> None:
        super().__init__(N_("请从对账页选择账户和月份。"))


@get(f"{RECONCILIATION}/bench")
async def bench_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Both sides of an account's month; `q` narrows them by amount, number or text."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    return await _page(request, visit, dict(request.query_params))


@get(f"{RECONCILIATION}/bench/lines")
async def more_lines(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The next page of one side, for the script that puts it below the last line."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = dict(request.query_params)
    desk, side = _which(asked), "internal" if asked.get("side") == "internal" else "external"
    words, order, after = asked.get("q", ""), _order(asked), asked.get("after", "")
    lines = await lines_page(visit.session, desk, side, words=words, order=order, after=after, by=visit.person)
    shown = fragment(request, "reconciliation/_lines.html", side=_side(side, lines, asked), ticked=())
    if not after:
        count = await count_side(visit.session, desk, side, words=words, by=visit.person)
        shown.headers["x-count"] = str(count)
    return shown


@get(f"{RECONCILIATION}/bench/offers")
async def offers(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What the rules offer, which takes longer than the page should."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = dict(request.query_params)
    return fragment(
        request, "reconciliation/_offers.html", desk=_which(asked), found=await _offers(request, visit, asked)
    )


@get(f"{RECONCILIATION}/bench/run")
async def run_state(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """How far the desk's run is; where it is over, to the desk as it is now."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    desk = _which(dict(request.query_params))
    going = await latest_run(visit.session, desk, by=visit.person)
    shown = fragment(request, "reconciliation/_run.html", run=going, at=visit.at, address=_query(desk))
    if going is None or not going.is_going(visit.at):
        shown.headers["hx-refresh"] = "true"
    return shown


@post(f"{RECONCILIATION}/run", status_code=303)
async def run(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Match what is certain."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    desk = _which(await _asked(request))
    try:
        async with visit.session.begin_nested():
            done = await run_desk(visit.session, desk, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _page(request, visit, dict(await _asked(request)), refusal)
    if isinstance(done, MatchRun):
        return go_to(request, _address(desk))
    said = language_of(request).say(
        N_("自动匹配了 %(matched)s 组，另有 %(offered)s 组建议待确认。"),
        matched=len(done.matched),
        offered=len(done.suggestions),
    )
    return go_to(request, _address(desk), Notice(said))


@post(f"{RECONCILIATION}/match", status_code=303)
async def submit_match(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Do with the ticked lines what the button says; what was ticked stays so where it is refused."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = await _asked(request)
    desk, language = _which(asked), language_of(request)
    sent = (await request.form()).getall("line", [])
    chosen = list(dict.fromkeys(line for value in sent if (line := identifier(str(value)))))
    if asked.get("deed") == "search":
        return await _page(request, visit, asked, ticked=set(chosen))
    try:
        async with visit.session.begin_nested():
            said, differs = await _do(visit, asked.get("deed", ""), chosen, asked.get("note", ""))
    except Refusal as refusal:
        if wants_fragment(request):
            told = language.refusal(refusal)
            return fragment(request, "reconciliation/_refused.html", status_code=status_of(refusal), wrong=told)
        return await _page(request, visit, asked, refusal, set(chosen))
    told = language.say(said, count=len(chosen))
    if wants_fragment(request) and asked.get("deed") != "merge":
        proof = await read_proof(visit.session, desk, by=visit.person)
        return fragment(
            request, "reconciliation/_tallies.html", proof=proof, share=_share(proof), told=told, differs=differs
        )
    return go_to(request, _address(desk, asked), Notice(told))


@post(f"{RECONCILIATION}/transfers", status_code=303)
async def submit_transfers(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Explain what only moved between own accounts."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    asked = await _asked(request)
    desk = _which(asked)
    why = language_of(request).say(N_("自有账户间的资金划转"))
    try:
        async with visit.session.begin_nested():
            made = await explain_transfers(
                visit.session,
                desk.source,
                desk.account,
                first=desk.month,
                last=desk.last,
                why=why,
                by=visit.person,
                at=visit.at,
            )
    except Refusal as refusal:
        return await _page(request, visit, asked, refusal)
    said = language_of(request).say(N_("已说明 %(count)s 行资金划转，可逐行撤销。"), count=len(made))
    return go_to(request, _address(desk), Notice(said))


async def _do(visit: Visit, deed: str, chosen: list[UUID], note: str) -> tuple[str, str]:
    """Do with the chosen lines what the pressed button says; what to tell, and where a difference is written off."""
    if deed == "explain":
        await explain(visit.session, chosen, why=note, by=visit.person, at=visit.at)
        return N_("已说明，不再需要匹配。"), ""
    if deed == "merge":
        await merge(visit.session, chosen, by=visit.person, at=visit.at)
        return N_("已将 %(count)s 行合并为一行。"), ""
    made = await match_by_hand(visit.session, chosen, note=note, by=visit.person, at=visit.at)
    match = await get_match(visit.session, made)
    return N_("已匹配 %(count)s 行。"), match_of(made) if match.fen else ""


async def _page(
    request: Asked,
    visit: Visit,
    asked: dict[str, str],
    wrong: Refusal | None = None,
    ticked: set[UUID] | None = None,
) -> Response[str]:
    desk, language, order = _which(asked), language_of(request), _order(asked)
    words = asked.get("q", "").strip()
    after = {side: asked.get(f"after_{side}", "") for side in SIDES}
    shown = await read_bench(visit.session, desk, words=words, order=order, after=after, by=visit.person)
    listed = {line.id for side in (shown.external, shown.internal) for line in side.lines}
    return page(
        request,
        "reconciliation/bench.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        bench=shown,
        sides=[
            _side("external", shown.external.lines, asked, shown.external.count),
            _side("internal", shown.internal.lines, asked, shown.internal.count),
        ],
        # Ticked before a search, and not among what it found: they stay ticked.
        elsewhere=await read_chosen(visit.session, (ticked or set()) - listed, by=visit.person),
        found=await _offers(request, visit, asked) if asked.get("offers") else None,
        address=_query(desk),
        run=await latest_run(visit.session, desk, by=visit.person),
        at=visit.at,
        desk=desk,
        q=words,
        order=order,
        orders=Order,
        note=asked.get("note", ""),
        ticked=ticked or set(),
        share=_share(shown.proof),
        proof=shown.proof,
        told="",
        differs="",
        label_of=label_of,
        trail=[(language.say(N_("对账")), RECONCILIATION)],
        here=_address(desk),
    )


def _side(side: str, lines: Sequence[OpenLine], asked: dict[str, str], count: int = 0) -> dict[str, object]:
    """A page of a side for the template, and where the next one is."""
    base = f"{_query(_which(asked))}&{urlencode({'q': asked.get('q', '').strip(), 'order': _order(asked).value})}"
    following = {}
    if len(lines) == PAGE:
        behind = urlencode({"side": side, "after": lines[-1].place, f"after_{side}": lines[-1].place})
        following = {name: f"{RECONCILIATION}/{name}?{base}&{behind}" for name in ("bench", "bench/lines")}
    return {"name": side, "label": SIDES[side], "lines": lines, "count": count, "following": following}


async def _offers(request: Asked, visit: Visit, asked: dict[str, str]) -> dict[str, object]:
    translate = language_of(request).translate
    found = await read_offers(visit.session, _which(asked), by=visit.person)
    told = [
        (one.reason.text(translate), [found.lines[each] for each in (*one.external, *one.internal)])
        for one in found.suggestions[:OFFERED]
    ]
    return {"offers": told, "count": len(found.suggestions)}


def _share(proof: Proof) -> str:
    """Matched and explained lines of all, in per cent with one decimal, rounded down: 100 only when nothing is open."""
    brought = proof.brought.lines
    settled = proof.matched.lines + proof.explained.lines
    tenths = settled * 1000 // max(brought, settled, 1)
    return f"{tenths // 10}.{tenths % 10}"


def _which(asked: dict[str, str]) -> Desk:
    """The desk of an address or form. Raises NoSuchMonth."""
    month = month_named(asked.get("month", ""))
    if month is None or "source" not in asked or "account" not in asked:
        raise NoSuchMonth
    return Desk(asked["source"], asked["account"], month)


def _order(asked: dict[str, str]) -> Order:
    return Order.AMOUNT if asked.get("order") == Order.AMOUNT else Order.DAY


def _address(desk: Desk, asked: dict[str, str] | None = None) -> str:
    """The desk, in the order and narrowed as it was."""
    kept = {name: value for name, value in (asked or {}).items() if name in ("q", "order") and value}
    address = bench_of(desk.source, desk.account, desk.month)
    return f"{address}&{urlencode(kept)}" if kept else address


def _query(desk: Desk) -> str:
    return urlencode({"source": desk.source, "account": desk.account, "month": f"{desk.month:%Y-%m}"})


async def _asked(request: Asked) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items() if isinstance(value, str)}
