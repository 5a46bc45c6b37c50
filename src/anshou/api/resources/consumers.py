"""Consumer records of a ticket, masked. What they say whole is read by revealing it, which is recorded."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.queries import Cursor, Limit
from anshou.api.routing import ask, delete, get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.consumers import recording, records
from anshou.consumers.cards import ConsumerCard, Correction
from anshou.consumers.reading import ShownRecord
from anshou.consumers.searching import Sought
from anshou.consumers.solutions import Solution
from anshou.merchants.merchants import merchant_names
from anshou.people.permissions import Permission, authorize
from anshou.privacy import consumers_shown
from anshou.tickets import reach
from anshou.tickets.tickets import Ticket
from tenants.refusals import N_


class ConsumerShown(Struct, frozen=True, kw_only=True):
    """A consumer record. Texts are masked, but for products that are not private; what was not given is null.

    `id` stays the same when the record is corrected, `row_id` changes: a field is revealed by it.
    """

    id: UUID
    row_id: Annotated[UUID, Meta(title=N_("当前版本"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    ticket_id: Annotated[UUID, Meta(title=N_("工单"))]
    shop_id: Annotated[UUID | None, Meta(title=N_("店铺"))]
    quantity: Annotated[int, Meta(title=N_("数量"))]
    is_private: Annotated[bool, Meta(title=N_("私密产品"))]
    wanted: Annotated[Solution | None, Meta(title=N_("期望的解决方案"))]
    name: Annotated[str | None, Meta(title=N_("姓名（掩码）"))]
    phone: Annotated[str | None, Meta(title=N_("电话（掩码）"))]
    address: Annotated[str | None, Meta(title=N_("地址（掩码）"))]
    order_number: Annotated[str | None, Meta(title=N_("平台订单号（掩码）"))]
    product: Annotated[str | None, Meta(title=N_("商品名称（私密产品为掩码）"))]
    specification: Annotated[str | None, Meta(title=N_("规格（私密产品为掩码）"))]
    usage: Annotated[str | None, Meta(title=N_("使用情况（掩码）"))]
    happened: Annotated[str | None, Meta(title=N_("问题经过（掩码）"))]
    added_at: Annotated[datetime, Meta(title=N_("登记时间"))]
    added_by: Annotated[UUID, Meta(title=N_("登记人"))]
    is_readable: Annotated[bool, Meta(title=N_("密钥未销毁"))]
    damaged: Annotated[list[str], Meta(title=N_("密文受损的项目"))]


class ConsumerFound(Struct, frozen=True, kw_only=True):
    """A record that fits, and the number of its ticket."""

    number: Annotated[str, Meta(title=N_("工单号"))]
    record: ConsumerShown


class ConsumersFound(Struct, frozen=True, kw_only=True):
    """A page of what was found. `left_out` counts merchants that were not searched: name one to search it."""

    items: Annotated[list[ConsumerFound], Meta(title=N_("本页内容"))]
    next: Annotated[str | None, Meta(title=N_("下一页的游标，没有则为 null"))]
    left_out: Annotated[int, Meta(title=N_("没有查找的商家数"))]


class ConsumerSearch(Sought, frozen=True, kw_only=True):
    """What is looked for, and where: in one merchant, or in all within reach."""

    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None
    limit: Limit = 50
    after: Cursor | None = None


@get("/tickets/{number:str}/consumers", summary=N_("列出消费者记录"), operation_id="listConsumers")
async def list_consumers(number: FromPath[str], visit: Visiting) -> Listing[ConsumerShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    masked = await consumers_shown.show_of_ticket(visit.session, ticket, by=visit.person, at=visit.at)
    return Listing(items=[_shown(one) for one in masked])


@post(
    "/tickets/{number:str}/consumers",
    summary=N_("登记消费者记录"),
    operation_id="addConsumer",
    opt={"answers_with": {"Location": N_("消费者记录的位置")}},
)
async def add_consumer(number: FromPath[str], data: JSONBody[ConsumerCard], visit: Visiting) -> Response[ConsumerShown]:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    record = await recording.add_record(visit.session, ticket, data, by=visit.person, at=visit.at)
    return made(await _masked(visit, ticket, record), f"{PREFIX}/tickets/{number}/consumers/{record.origin_id}")


@get("/tickets/{number:str}/consumers/{record_id:uuid}", summary=N_("读取消费者记录"), operation_id="readConsumer")
async def read_consumer(number: FromPath[str], record_id: FromPath[UUID], visit: Visiting) -> ConsumerShown:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    return await _masked(visit, ticket, await records.visible_record(visit.session, ticket, record_id))


@post(
    "/tickets/{number:str}/consumers/{record_id:uuid}/corrections",
    summary=N_("更正消费者记录"),
    operation_id="correctConsumer",
)
async def correct_consumer(
    number: FromPath[str], record_id: FromPath[UUID], data: JSONBody[Correction], visit: Visiting
) -> ConsumerShown:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    record = await records.visible_record(visit.session, ticket, record_id)
    corrected = await recording.correct_record(visit.session, ticket, record, data, by=visit.person, at=visit.at)
    return await _masked(visit, ticket, corrected)


@delete("/tickets/{number:str}/consumers/{record_id:uuid}", summary=N_("移除消费者记录"), operation_id="removeConsumer")
async def remove_consumer(number: FromPath[str], record_id: FromPath[UUID], visit: Visiting) -> None:
    ticket = await reach.visible_ticket(visit.session, visit.person, number)
    record = await records.visible_record(visit.session, ticket, record_id)
    await recording.remove_record(visit.session, ticket, record, by=visit.person, at=visit.at)


@ask("/consumers/search", summary=N_("按电话或订单号查找消费者"), operation_id="searchConsumers")
async def search_consumers(data: JSONBody[ConsumerSearch], visit: Visiting) -> ConsumersFound:
    authorize(visit.person, Permission.SEARCH_CONSUMERS)
    # The cursor is marked by no term: a hash of a phone number is soon told.
    after = unpack(data.after, "consumers", data.merchant, tuple[UUID, UUID]) if data.after else None
    sought = Sought(phone=data.phone, order_number=data.order_number, shop=data.shop)
    found = await consumers_shown.find_consumers(
        visit.session,
        sought,
        merchants=await _merchants(visit, data.merchant),
        by=visit.person,
        at=visit.at,
        after=after,
        limit=data.limit,
    )
    return ConsumersFound(
        items=[ConsumerFound(number=hit.number, record=_shown(hit.record)) for hit in found.hits],
        next=pack("consumers", data.merchant, found.after) if found.after else None,
        left_out=found.left_out,
    )


async def _merchants(visit: ApiVisit, wanted: UUID | None) -> list[UUID]:
    if wanted is not None:
        return [wanted]
    if visit.person.merchant_id is not None:
        return [visit.person.merchant_id]
    names = await merchant_names(visit.session)
    return sorted(names, key=lambda merchant_id: (names[merchant_id], merchant_id))


async def _masked(visit: ApiVisit, ticket: Ticket, record: records.ConsumerRecord) -> ConsumerShown:
    (masked,) = await consumers_shown.show_masked(visit.session, ticket, [record], by=visit.person, at=visit.at)
    return _shown(masked)


def _shown(record: ShownRecord) -> ConsumerShown:
    texts = {
        column: record.fields[column].text if column in record.fields else None
        for column in ("name", "phone", "address", "order_number", "product", "specification", "usage", "happened")
    }
    return shown(ConsumerShown, record, id=record.origin_id, row_id=record.id, damaged=list(record.damaged), **texts)


router = Router(
    "/",
    tags=[N_("消费者")],
    route_handlers=[
        list_consumers,
        add_consumer,
        read_consumer,
        correct_consumer,
        remove_consumer,
        search_consumers,
    ],
)
