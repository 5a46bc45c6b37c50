"""Disclosures: asked for, answered, withdrawn, and handed out under a consent in force."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.queries import Paging
from anshou.api.routing import ask, get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.privacy.disclosures import consenting, exporting, reading, requesting
from anshou.privacy.disclosures.coverage import Wanted
from anshou.privacy.disclosures.documents import CoveredFile, CoveredTable, Recipient, read_document
from anshou.privacy.disclosures.errors import NotCovered
from anshou.privacy.disclosures.kinds import EndSort, Format, Part, Standing
from anshou.privacy.disclosures.requesting import DisclosureRequest
from anshou.privacy.disclosures.rows import Consent
from tenants.refusals import N_


class EndShown(Struct, frozen=True, kw_only=True):
    """How a part of a consent ended."""

    part: Annotated[Part, Meta(title=N_("部分"))]
    sort: Annotated[EndSort, Meta(title=N_("结束方式"))]
    reason: Annotated[str, Meta(title=N_("原因"))]
    ended_at: Annotated[datetime, Meta(title=N_("结束时间"))]


class ExportShown(Struct, frozen=True, kw_only=True):
    """What was handed out."""

    file_name: Annotated[str, Meta(title=N_("文件名"))]
    format: Annotated[Format, Meta(title=N_("文件格式"))]
    fields: Annotated[list[str], Meta(title=N_("字段"))]
    row_count: Annotated[int, Meta(title=N_("记录数"))]
    left_out: Annotated[int, Meta(title=N_("因缺少单独同意未提供的项数"))]
    sha256: Annotated[str, Meta(title=N_("文件校验值"))]
    exported_at: Annotated[datetime, Meta(title=N_("导出时间"))]


class DisclosureLine(Struct, frozen=True, kw_only=True):
    """A disclosure in a list; `standing` is now's."""

    id: UUID
    number: Annotated[str, Meta(title=N_("编号"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    recipient_name: Annotated[str, Meta(title=N_("接收方名称"))]
    purpose: Annotated[str, Meta(title=N_("提供目的"))]
    standing: Annotated[Standing, Meta(title=N_("状态"))]
    valid_from: Annotated[datetime, Meta(title=N_("有效期自"))]
    valid_until: Annotated[datetime, Meta(title=N_("有效期至（不含）"))]
    requested_at: Annotated[datetime, Meta(title=N_("申请时间"))]


class DisclosureShown(DisclosureLine, frozen=True, kw_only=True):
    """A disclosure with all that it covers and all that happened to it. `sha256` is of the text that is signed."""

    recipient: Annotated[Recipient, Meta(title=N_("接收方"))]
    tickets: Annotated[tuple[str, ...], Meta(title=N_("涉及的工单"))]
    tables: Annotated[tuple[CoveredTable, ...], Meta(title=N_("字段与记录"))]
    files: Annotated[tuple[CoveredFile, ...], Meta(title=N_("附件"))]
    necessity: Annotated[str, Meta(title=N_("必要性说明"))]
    first_day: Annotated[date, Meta(title=N_("有效期第一天"))]
    last_day: Annotated[date, Meta(title=N_("有效期最后一天"))]
    sha256: Annotated[str, Meta(title=N_("文件校验值"))]
    signed: Annotated[list[Part], Meta(title=N_("已签署的部分"))]
    ends: Annotated[list[EndShown], Meta(title=N_("结束"))]
    exports: Annotated[list[ExportShown], Meta(title=N_("已提供的记录"))]


class ReasonGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why not."""

    reason: Annotated[str, Meta(title=N_("原因"), min_length=1, max_length=500, pattern=r"\S")]


class Withdrawal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken back: the consent, or only its sensitive part. A reason may be given and need not."""

    part: Annotated[Part, Meta(title=N_("部分"))] = Part.GENERAL
    reason: Annotated[str, Meta(title=N_("原因"), max_length=500)] = ""


class ExportWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom, for what, and which fields (`table.column`) of which tickets. Anything not covered is refused."""

    recipient: Annotated[str, Meta(title=N_("接收方名称"), min_length=1, max_length=120)]
    purpose: Annotated[str, Meta(title=N_("提供目的"), min_length=1, max_length=500)]
    fields: Annotated[tuple[str, ...], Meta(title=N_("字段"), min_length=1, max_length=200)]
    tickets: Annotated[tuple[str, ...], Meta(title=N_("涉及的工单"), min_length=1, max_length=200)]


class FileHandedOut(Struct, frozen=True, kw_only=True):
    """The file, once: its answer is kept nowhere. `content` is Base64."""

    file_name: Annotated[str, Meta(title=N_("文件名"))]
    media_type: Annotated[str, Meta(title=N_("文件类型"))]
    sha256: Annotated[str, Meta(title=N_("文件校验值"))]
    content: Annotated[bytes, Meta(title=N_("文件内容（Base64）"))]


_ONE = "/disclosures/{disclosure:str}"


@get("/disclosures", summary=N_("列出对外提供"), operation_id="listDisclosures", query=Paging)
async def list_disclosures(asked: NamedDependency[Paging], visit: Visiting) -> Page[DisclosureLine]:
    after = unpack(asked.after, "disclosures", None, UUID) if asked.after else None
    found = await reading.list_consents(visit.session, visit.person, after=after, limit=asked.limit + 1)
    here = found[: asked.limit]
    following = pack("disclosures", None, here[-1].disclosure.id) if len(found) > asked.limit else None
    items = [shown(DisclosureLine, one.disclosure, standing=one.standing(visit.at)) for one in here]
    return Page(items=items, next=following)


@post(
    "/disclosures",
    summary=N_("申请对外提供"),
    operation_id="requestDisclosure",
    opt={"answers_with": {"Location": N_("新建内容的位置")}},
)
async def request_disclosure(data: JSONBody[DisclosureRequest], visit: Visiting) -> Response[DisclosureShown]:
    disclosure = await requesting.request_disclosure(visit.session, data, by=visit.person, at=visit.at)
    return made(await as_shown(visit, disclosure.number), f"{PREFIX}/disclosures/{disclosure.number}")


@get(_ONE, summary=N_("读取对外提供"), operation_id="readDisclosure")
async def read_disclosure(disclosure: FromPath[str], visit: Visiting) -> DisclosureShown:
    return await as_shown(visit, disclosure)


@post(f"{_ONE}/retract", summary=N_("撤销申请"), operation_id="retractDisclosure", status_code=200)
async def retract_disclosure(
    disclosure: FromPath[str], data: JSONBody[ReasonGiven], visit: Visiting
) -> DisclosureShown:
    consent = await visible(visit, disclosure)
    await consenting.retract(visit.session, consent.disclosure, data.reason, by=visit.person, at=visit.at)
    return await as_shown(visit, disclosure)


@post(f"{_ONE}/refuse", summary=N_("拒绝对外提供"), operation_id="refuseDisclosure", status_code=200)
async def refuse_disclosure(disclosure: FromPath[str], data: JSONBody[ReasonGiven], visit: Visiting) -> DisclosureShown:
    consent = await visible(visit, disclosure)
    await consenting.refuse(visit.session, consent.disclosure, data.reason, by=visit.person, at=visit.at)
    return await as_shown(visit, disclosure)


@post(f"{_ONE}/withdraw", summary=N_("撤回同意"), operation_id="withdrawConsent", status_code=200)
async def withdraw_consent(disclosure: FromPath[str], data: JSONBody[Withdrawal], visit: Visiting) -> DisclosureShown:
    consent = await visible(visit, disclosure)
    await consenting.withdraw(visit.session, consent.disclosure, data.part, data.reason, by=visit.person, at=visit.at)
    return await as_shown(visit, disclosure)


@ask(f"{_ONE}/exports", summary=N_("导出"), operation_id="exportDisclosure")
async def export_disclosure(disclosure: FromPath[str], data: JSONBody[ExportWanted], visit: Visiting) -> FileHandedOut:
    consent = await visible(visit, disclosure)
    try:
        file = await exporting.export(
            visit.session, consent.disclosure, _wanted(consent, data), Format.JSON, by=visit.person, at=visit.at
        )
    except NotCovered as refusal:
        # This visit's transaction goes with the refusal, its trace must not.
        async with visit.door.tenants.session(visit.tenant, visit.person.context()) as session:
            await exporting.note_refusal(session, consent.disclosure, refusal, by=visit.person, at=visit.at)
        raise
    digest = sha256(file.content).hexdigest()
    return FileHandedOut(file_name=file.name, media_type=file.media_type, sha256=digest, content=file.content)


def _wanted(consent: Consent, data: ExportWanted) -> Wanted:
    """What is asked for, by table. What the text does not name stays in, so that it is refused and not passed over."""
    fields: dict[str, set[str]] = {}
    for name in data.fields:
        table, _, column = name.partition(".")
        fields.setdefault(table, set()).add(column)
    rows = {
        table.table: frozenset(row.id for row in table.rows if not row.ticket or row.ticket in data.tickets)
        for table in read_document(consent.disclosure).tables
        if table.table in fields
    }
    columns = {table: frozenset(names) for table, names in fields.items()}
    return Wanted(recipient=data.recipient, purpose=data.purpose, fields=columns, rows=rows)


async def visible(visit: ApiVisit, number: str) -> Consent:
    """The disclosure with what was said to it. Raises DisclosureNotFound."""
    return await reading.visible_consent(visit.session, visit.person, number)


async def as_shown(visit: ApiVisit, number: str) -> DisclosureShown:
    """The disclosure as the door answers it."""
    consent = await visible(visit, number)
    document = read_document(consent.disclosure)
    exports = await reading.exports_of(visit.session, visit.person, [consent])
    return shown(
        DisclosureShown,
        consent.disclosure,
        standing=consent.standing(visit.at),
        recipient=document.recipient,
        tickets=document.tickets,
        tables=document.tables,
        files=document.files,
        necessity=document.necessity,
        first_day=document.valid_from,
        last_day=document.valid_until,
        signed=[one.part for one in consent.signatures],
        ends=[shown(EndShown, one) for one in consent.ends],
        exports=[shown(ExportShown, one) for one in exports.get(consent.disclosure.id, [])],
    )


router = Router(
    "/",
    tags=[N_("对外提供")],
    route_handlers=[
        list_disclosures,
        request_disclosure,
        read_disclosure,
        retract_disclosure,
        refuse_disclosure,
        withdraw_consent,
        export_disclosure,
    ],
)
