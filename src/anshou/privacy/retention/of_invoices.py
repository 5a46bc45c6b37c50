"""Invoices and to whom they are made out: kept with the books."""

from anshou.privacy.retention.kinds import Files, Kind, Minimum, Unit
from tenants.erasing import Content
from tenants.refusals import N_

_WITH_THE_BOOKS = Minimum(
    360, N_("《会计档案管理办法》第十四条"), N_("发票记账联是原始凭证，属会计凭证，至少保管三十年")
)

INVOICES = Kind(
    code="invoices",
    label=N_("开票申请与发票"),
    starts=N_("会计年度终了后的第一天"),
    stays=N_("编号、金额、税率、发票号码、日期、状态与经手人"),
    unit=Unit.MONTHS,
    default=360,
    minimum=_WITH_THE_BOOKS,
    table="invoice_request",
    subjects=(
        "SELECT id, merchant_id, NULL::uuid AS ticket_id, (date_trunc('year', "
        "coalesce(issued_on::timestamp, requested_at AT TIME ZONE 'Asia/Shanghai')) + interval '1 year') "
        "AT TIME ZONE 'Asia/Shanghai' AS started_at FROM invoice_request"
    ),
    contents=(
        Content(table="invoice_line", by="request_id", columns=("item",)),
        Content(table="invoice_deed", by="request_id", columns=("reason",)),
        Content(table="invoice_file", by="request_id", columns=("name",)),
    ),
    files=(Files("invoice_file", "request_id"),),
)

INVOICE_BUYERS = Kind(
    code="invoice_buyers",
    label=N_("购买方开票资料"),
    starts=N_("停用之日或终止服务之日"),
    stays=N_("纳税人识别号与登记、停用时间"),
    unit=Unit.MONTHS,
    default=360,
    minimum=_WITH_THE_BOOKS,
    table="invoice_buyer",
    subjects=(
        "SELECT b.id, b.merchant_id, NULL::uuid AS ticket_id, least(b.retired_at, m.ended_at) AS started_at "
        "FROM invoice_buyer AS b JOIN merchant AS m ON m.id = b.merchant_id"
    ),
    contents=(Content(table="invoice_buyer", by="id", columns=("name", "address", "phone", "bank", "account")),),
)

OF_INVOICES = (INVOICES, INVOICE_BUYERS)
