"""Kinds that belong to a merchant and its contracts."""

from anshou.privacy.retention.kinds import Files, Kind, Minimum, Unit
from tenants.erasing import Content
from tenants.refusals import N_

CONTRACT_DOCUMENTS = Kind(
    code="contract_documents",
    label=N_("合同文件"),
    starts=N_("合同终止之日"),
    stays=N_("合同编号、版本、生效与终止日期，以及时限和费用所依据的条款"),
    unit=Unit.MONTHS,
    default=120,
    minimum=Minimum(
        36, N_("《网络数据安全管理条例》第十二条"), N_("委托处理个人信息的处理情况记录至少保存三年，委托合同是其依据")
    ),
    table="contract_version",
    # The day after the last one: the contract has ended when it begins, in the calendar of domain.md section 3.
    subjects=(
        "SELECT id, merchant_id, NULL::uuid AS ticket_id, "
        "(least(valid_until, ended_on) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS started_at "
        "FROM contract_version WHERE in_force_at IS NOT NULL"
    ),
    contents=(
        Content(table="contract_version", by="id", columns=("end_reason",)),
        Content(table="contract_document", by="version_id", columns=("name",)),
        Content(table="contract_amount", by="version_id"),
    ),
    files=(Files("contract_document", "version_id"),),
)

MERCHANT_CONTACTS = Kind(
    code="merchant_contacts",
    label=N_("商家联系人"),
    starts=N_("终止服务之日"),
    stays=N_("商家名称与服务起止时间"),
    unit=Unit.MONTHS,
    default=6,
    table="merchant",
    subjects="SELECT id, id AS merchant_id, NULL::uuid AS ticket_id, ended_at AS started_at FROM merchant",
    contents=(Content(table="merchant_contact", by="merchant_id"),),
)

SETTLEMENT_ACCOUNTS = Kind(
    code="settlement_accounts",
    label=N_("结算账户"),
    starts=N_("停用之日或终止服务之日"),
    stays=N_("无：整行清除"),
    unit=Unit.MONTHS,
    default=6,
    table="settlement_account",
    subjects=(
        "SELECT a.id, a.merchant_id, NULL::uuid AS ticket_id, least(a.retired_at, m.ended_at) AS started_at "
        "FROM settlement_account AS a JOIN merchant AS m ON m.id = a.merchant_id"
    ),
    contents=(Content(table="settlement_account", by="id"),),
)

OF_MERCHANTS = (CONTRACT_DOCUMENTS, MERCHANT_CONTACTS, SETTLEMENT_ACCOUNTS)
