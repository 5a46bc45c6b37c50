"""What a merchant gets back at the end, table by table, and what it does not get, with the reason.

Everything that the erasure takes away stands here: `tests/privacy/entrustment/test_coverage.py` compares the two.
Which rows those are the database decides: the package is read in the merchant's own context, which returns nothing
that the agency says among itself.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from anshou.consumers.records import ConsumerRecord
from anshou.merchants.accounts import SettlementAccount
from anshou.merchants.amounts import ContractAmount
from anshou.merchants.contacts import Contact
from anshou.merchants.contracts import ContractVersion
from anshou.merchants.documents import ContractDocument
from anshou.privacy.entrustment import returnables_of_tickets as of_tickets
from anshou.privacy.entrustment.returnable import Returnable
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.retention.kinds import Kind
from anshou.privacy.retention.of_consumers import CONSUMER_RECORDS
from anshou.privacy.retention.of_invoices import INVOICE_BUYERS, INVOICES
from anshou.privacy.retention.of_merchants import CONTRACT_DOCUMENTS, MERCHANT_CONTACTS, SETTLEMENT_ACCOUNTS
from anshou.privacy.retention.of_requests import SUBJECT_REQUESTS
from anshou.privacy.retention.registry import LISTED
from billing.invoices.rows import InvoiceBuyer, InvoiceDeed, InvoiceFile, InvoiceLine
from confidentiality.sealing.fields import sealed_fields


def _labels(model: type) -> dict[str, str]:
    return {name: one.label for name, one in sealed_fields(model).items()}


# A draft is the agency's own until it is in force, and the erasure leaves it as well.
_IN_FORCE = select(ContractVersion.id).where(ContractVersion.in_force_at.is_not(None))

RETURNABLES: tuple[Returnable, ...] = (
    Returnable(
        kind=CONSUMER_RECORDS.code,
        model=ConsumerRecord,
        label="消费者信息",
        columns=_labels(ConsumerRecord),
        beside={"quantity": "数量", "is_private": "私密商品", "added_at": "登记时间", "ending": "此前的内容"},
        written="added_at",
    ),
    *of_tickets.RETURNABLES,
    Returnable(
        kind=CONTRACT_DOCUMENTS.code,
        model=ContractVersion,
        label="合同版本",
        columns={"end_reason": "终止原因"},
        beside={
            "id": "版本标识",
            "version": "版本",
            "valid_from": "生效日",
            "valid_until": "到期日",
            "ended_on": "终止日",
            "terms": "条款",
        },
        only=(ContractVersion.in_force_at.is_not(None),),
    ),
    Returnable(
        kind=CONTRACT_DOCUMENTS.code,
        model=ContractAmount,
        label="合同限额",
        columns={"clause": "条款", "party": "承担方", "per": "期间", "category": "费用类别", **_labels(ContractAmount)},
        beside={"version_id": "版本标识"},
        only=(ContractAmount.version_id.in_(_IN_FORCE),),
    ),
    Returnable(
        kind=CONTRACT_DOCUMENTS.code,
        model=ContractDocument,
        label="合同文件",
        columns={"name": "文件名"},
        beside={"version_id": "版本标识", "size": "字节", "added_at": "添加时间"},
        only=(ContractDocument.version_id.in_(_IN_FORCE),),
        written="added_at",
        has_files=True,
    ),
    Returnable(
        kind=MERCHANT_CONTACTS.code,
        model=Contact,
        label="商家联系人",
        columns={
            "name": "联系人",
            "position": "职务",
            "phone": "电话",
            "email": "邮箱",
            "messenger": "即时通讯账号",
            "preferred_channel": "首选联系方式",
            "is_primary": "主要联系人",
            "note": "备注",
            "added_at": "登记时间",
        },
        written="added_at",
    ),
    Returnable(
        kind=SETTLEMENT_ACCOUNTS.code,
        model=SettlementAccount,
        label="结算账户",
        columns={"bank": "开户银行", **_labels(SettlementAccount), "kept_at": "登记时间", "retired_at": "停用时间"},
        written="kept_at",
    ),
    Returnable(
        kind=INVOICE_BUYERS.code,
        model=InvoiceBuyer,
        label="购买方开票资料",
        columns={
            "name": "购买方名称",
            "address": "地址",
            "phone": "电话",
            "bank": "开户银行",
            **_labels(InvoiceBuyer),
        },
        beside={"tax_number": "纳税人识别号", "kept_at": "登记时间", "retired_at": "停用时间"},
        written="kept_at",
    ),
    Returnable(
        kind=INVOICES.code,
        model=InvoiceLine,
        label="发票项目",
        columns={"item": "项目名称"},
        beside={
            "request_id": "开票申请标识",
            "tax_code": "税收分类编码",
            "rate": "税率（%）",
            "net_fen": "金额（分）",
            "tax_fen": "税额（分）",
        },
    ),
    Returnable(
        kind=INVOICES.code,
        model=InvoiceDeed,
        label="开票申请办理记录",
        columns={"reason": "原因"},
        beside={"request_id": "开票申请标识", "deed": "办理", "done_at": "时间"},
        written="done_at",
    ),
    Returnable(
        kind=INVOICES.code,
        model=InvoiceFile,
        label="发票文件",
        columns={"name": "文件名"},
        beside={"request_id": "开票申请标识", "size": "字节", "added_at": "添加时间"},
        written="added_at",
        has_files=True,
    ),
    Returnable(
        kind=SUBJECT_REQUESTS.code,
        model=SubjectRequest,
        label="个人信息请求",
        columns=_labels(SubjectRequest),
        beside={"number": "请求编号", "asks_for": "事项", "received_at": "收到时间", "answered_at": "答复时间"},
        written="received_at",
    ),
)

_INTERNAL = "代运营方内部的工作记录，商家在合同期间也不能查看"

_ACCOUNTS = "代运营方自己的会计资料，依法由其保管；商家应承担的费用已逐行列入对账单"

_SAID_OF_STATEMENTS = "对账单的往来与附件双方各有一份，随会计资料依法保管，委托终止时不清除"

NOT_RETURNED: Mapping[tuple[str, str], str] = {
    ("ticket_draft", "*"): "没有发送的草稿，只有写的人自己能看到",
    ("improvement", "action"): _INTERNAL,
    ("hand_over", "reason"): _INTERNAL,
    ("escalation", "reason"): _INTERNAL,
    ("escalation", "decision"): _INTERNAL,
    ("meeting", "people"): _INTERNAL,
    ("meeting", "discussion"): _INTERNAL,
    ("meeting_decision", "decision"): _INTERNAL,
    ("triage", "findings"): _INTERNAL,
    ("analysis", "cause"): _INTERNAL,
    ("plan_review", "comment"): _INTERNAL,
    ("evidence_item", "content"): _INTERNAL,
    ("point_at_issue", "issue"): _INTERNAL,
    ("point_at_issue", "agency_part"): _INTERNAL,
    ("point_at_issue", "merchant_part"): _INTERNAL,
    ("point_at_issue", "clause"): _INTERNAL,
    ("signature", "address"): "签署时的网络地址是登录安全记录，不是商家的资料",
    ("cost_item", "note"): _ACCOUNTS,
    ("cost_deed", "reason"): _ACCOUNTS,
    ("cost_evidence", "name"): _ACCOUNTS,
    ("cost_evidence", "files"): _ACCOUNTS,
    ("statement_word", "reason"): _SAID_OF_STATEMENTS,
    ("statement_file", "name"): _SAID_OF_STATEMENTS,
    ("statement_file", "files"): _SAID_OF_STATEMENTS,
    ("external_line", "counterparty"): _ACCOUNTS,
    ("external_line", "text"): _ACCOUNTS,
    ("impact_assessment", "*"): "代运营方依法自行制作的评估，不属于任何商家，委托终止时不清除",
}
"""By table and column, `*` for whole rows, `files` for what lies in the storage: what goes unreturned, and why."""


def uncovered(
    kinds: Sequence[Kind] = LISTED,
    returnables: Sequence[Returnable] = RETURNABLES,
    not_returned: Mapping[tuple[str, str], str] = NOT_RETURNED,
) -> list[str]:
    """What the erasure of these kinds takes and neither is returned nor has a reason: `kind: table.column`. Pure."""
    return [
        f"{kind.code}: {missing}"
        for kind in kinds
        for missing in (*_missing(kind, returnables, not_returned), *_files_missing(kind, returnables, not_returned))
    ]


def _missing(
    kind: Kind, returnables: Sequence[Returnable], not_returned: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    for content in kind.contents:
        if content.table == "sealed_content":
            # What lies sealed is told in the place of the row that it was taken from.
            beside = {one.table for one in returnables} | {table for table, _ in not_returned}
            yield from (f"sealed_content of {table}" for table in (content.only or ("", ()))[1] if table not in beside)
            continue
        of_table = [one for one in returnables if one.kind == kind.code and one.table == content.table]
        told = {column for one in of_table for column in one.columns}
        for column in content.columns or ("*",):
            # A blind index tells nothing that its column does not.
            plain = column.rsplit("_", 1)[0] if column.endswith(("_exact", "_last4")) else column
            is_told = bool(of_table) if column == "*" else plain in told
            if not is_told and (content.table, column) not in not_returned:
                yield f"{content.table}.{column}"


def _files_missing(
    kind: Kind, returnables: Sequence[Returnable], not_returned: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    with_files = {one.table for one in returnables if one.kind == kind.code and one.has_files}
    covered = with_files | {table for table, column in not_returned if column == "files"}
    yield from (f"files of {files.table}" for files in kind.files if files.table not in covered)
