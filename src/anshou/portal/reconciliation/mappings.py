"""Bills that no layout of ours reads: what each column says is chosen once, looked at, and kept for the next file."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.bill_mappings import set_bill_mapping
from anshou.finance.reconciling import import_bill
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import NotThisDesk, authorize_at_desk
from anshou.portal.error_pages import status_of
from anshou.portal.forms.typed import Typed, typed_in
from anshou.portal.pages import Notice, go_to, language_of, page
from anshou.portal.reconciliation.kept_bill import KeptBill, field_of, keep_bill, kept_bill
from anshou.portal.reconciliation.places import RECONCILIATION, bench_of
from billing.bill_mappings import BillMapping, mappings_in_force
from billing.bills.layouts.layout import mapped
from billing.bills.mapping import Mapping as ColumnMapping
from billing.bills.reading import Sample, read, sample
from billing.bills.roles import Role, Words, mapping_of, roles_of, suggest, suggest_words
from billing.bills.shapes import Bill, BillRefused
from tenants.refusals import N_, Refusal

MAPPINGS = f"{RECONCILIATION}/mappings"

# Rows of the file beside each column, and lines of the preview.
_SAMPLED = 3
_PREVIEWED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What the form says: the name, what each column is, and the words for directions."""

    name: str
    headings: tuple[str, ...]
    roles: Mapping[str, Role]
    words: Words
    account: str = ""


@get(f"{MAPPINGS}/{{name:str}}")
async def mapping_page(name: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """A kept one, to be changed or given up."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    kept = await _visible(visit, name)
    roles, words = roles_of(kept.value)
    chosen = _Chosen(name=kept.name, headings=tuple(kept.headings), roles=roles, words=words)
    return await _page(request, visit, chosen, None, is_kept=True)


@post(f"{MAPPINGS}/{{name:str}}/retirement", status_code=303)
async def submit_retirement(name: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Read no more files by it; the lines that came by it stay."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    kept = await _visible(visit, name)
    await set_bill_mapping(
        visit.session, kept.name, kept.headings, kept.value, retired=True, by=visit.person, at=visit.at
    )
    return go_to(request, RECONCILIATION, Notice(language_of(request).say(N_("列对应已停用，已导入的行不受影响。"))))


@post(MAPPINGS, status_code=303)
async def submit_mapping(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Show what the choice makes of the file, or keep it and take the file in."""
    authorize_at_desk(visit.person, Permission.KEEP_BOOKS)
    typed = typed_in((await request.form()).multi_items())
    bill = await kept_bill(request, visit)
    chosen = _chosen(typed)
    try:
        async with visit.session.begin_nested():
            mapping = mapping_of(chosen.roles, chosen.words)
            if typed.one("deed") != "save":
                preview = await _read(chosen, mapping, bill) if bill else None
                return await _page(request, visit, chosen, bill, preview=preview)
            await set_bill_mapping(visit.session, chosen.name, chosen.headings, mapping, by=visit.person, at=visit.at)
            if bill is None:
                return go_to(request, RECONCILIATION, Notice(language_of(request).say(N_("列对应已保存。"))))
            batch = await import_bill(
                visit.session,
                await _read(chosen, mapping, bill),
                sha256=hashlib.sha256(bill.content).digest(),
                name=bill.name,
                account=chosen.account or language_of(request).say(N_("默认账户")),
                by=visit.person,
                at=visit.at,
            )
    except Refusal as refusal:
        return await _page(request, visit, chosen, bill, wrong=refusal)
    await bill.forget(request)
    said = language_of(request).say(
        N_("列对应已保存，已导入 %(lines)s 行；以后同样的账单会自动识别。"), lines=batch.lines
    )
    return go_to(request, bench_of(batch.source, batch.account, batch.last_on.replace(day=1)), Notice(said))


async def ask_for_mapping(
    request: Asked, visit: Visit, name: str, content: bytes, account: str
) -> Response[str] | None:
    """The form for a file that no layout reads, with suggestions; None where it has nothing like a header.

    Raises BillRefused.
    """
    shown = await asyncio.to_thread(sample, name, content)
    if len(shown.headings) < 2:
        return None
    roles = suggest(shown.headings, shown.rows)
    words = suggest_words(_cells(shown, roles))
    chosen = _Chosen(name="", headings=shown.headings, roles=roles, words=words, account=account)
    return await _page(request, visit, chosen, await keep_bill(request, visit, name, content))


async def _visible(visit: Visit, name: str) -> BillMapping:
    for kept in await mappings_in_force(visit.session):
        if kept.name == name:
            return kept
    raise NotThisDesk


def _chosen(typed: Typed) -> _Chosen:
    headings = tuple(typed.every("heading"))
    known = {role.value for role in Role}
    roles = {
        heading: Role(said) if (said := typed.one(f"role.{place}")) in known else Role.NONE
        for place, heading in enumerate(headings)
    }
    words = Words(**{way: _split(typed.one(way)) for way in ("received", "paid", "neither")})
    return _Chosen(
        name=typed.one("name").strip(),
        headings=headings,
        roles=roles,
        words=words,
        account=typed.one("account").strip()[:60],
    )


def _split(said: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in said.replace("，", "、").replace(",", "、").split("、"))))


async def _read(chosen: _Chosen, mapping: ColumnMapping, bill: KeptBill) -> Bill:
    """The file by this choice and no other layout. Raises BillRefused."""
    layout = mapped(chosen.name, chosen.name, mapping, headings=frozenset(chosen.headings))
    # A large file takes its time, and nobody else waits for it.
    return await asyncio.to_thread(read, bill.name, bill.content, (layout,))


def _cells(shown: Sample, roles: Mapping[str, Role]) -> list[str]:
    """What stands in the column of directions."""
    at = next((place for place, heading in enumerate(shown.headings) if roles[heading] is Role.DIRECTION), None)
    return [row[at] for row in shown.rows if at is not None and at < len(row)]


async def _page(
    request: Asked,
    visit: Visit,
    chosen: _Chosen,
    bill: KeptBill | None,
    *,
    preview: Bill | None = None,
    wrong: Refusal | None = None,
    is_kept: bool = False,
) -> Response[str]:
    language = language_of(request)
    shown = await asyncio.to_thread(sample, bill.name, bill.content) if bill else Sample(0)
    rows = [row for row in shown.rows if len(row) >= len(shown.headings)][:_SAMPLED]
    directed = Role.DIRECTION in chosen.roles.values()
    words = chosen.words
    if directed and not (words.received or words.paid):
        words = suggest_words(_cells(shown, chosen.roles))
    return page(
        request,
        "reconciliation/mapping.html",
        status_code=status_of(wrong) if wrong else 200,
        wrong=language.refusal(wrong) if wrong else "",
        faults=[
            (fault, fault.expected.text(language.translate))
            for fault in (wrong.faults if isinstance(wrong, BillRefused) else ())
        ],
        chosen=chosen,
        columns=[
            (heading, chosen.roles.get(heading, Role.NONE).value, [row[place] for row in rows])
            for place, heading in enumerate(chosen.headings)
        ],
        roles=[(role.value, language.say(role.label)) for role in Role],
        directed=directed,
        words={way: "、".join(getattr(words, way)) for way in ("received", "paid", "neither")},
        bill=bill,
        kept_field=field_of(request, visit, bill) if bill else "",
        preview=preview,
        lines=preview.lines[:_PREVIEWED] if preview else (),
        is_kept=is_kept,
        trail=[(language.say(N_("对账")), RECONCILIATION)],
        action=MAPPINGS,
    )
