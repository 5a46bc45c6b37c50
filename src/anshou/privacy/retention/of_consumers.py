"""Consumers' personal information: all states of a record go together, the current one and what it said before."""

from anshou.consumers.records import ConsumerRecord
from anshou.privacy.retention.kinds import Kind, Unit
from anshou.privacy.retention.sealed_content import sealed_content
from tenants.refusals import N_

CONSUMER_RECORDS = Kind(
    code="consumer_records",
    label=N_("消费者信息"),
    starts=N_("工单结案之日"),
    stays=N_("店铺、数量、是否私密商品、登记时间与登记人"),
    note=N_("《个人信息保护法》第十九条：保存期限应当为实现处理目的所必要的最短时间。"),
    unit=Unit.MONTHS,
    default=12,
    table="consumer_record",
    # A record is known by its first row.
    subjects=(
        "SELECT r.id, r.merchant_id, r.ticket_id, t.closed_at AS started_at FROM consumer_record AS r "
        "JOIN ticket AS t ON t.merchant_id = r.merchant_id AND t.id = r.ticket_id WHERE r.id = r.origin_id"
    ),
    contents=(sealed_content(ConsumerRecord, by="origin_id"),),
)

OF_CONSUMERS = (CONSUMER_RECORDS,)
