"""What there is to be permitted, under the names that code, keys and pages use. Who may what: `permissions.py`."""

from anshou.people.roles import Scope
from tenants.labels import Labelled
from tenants.refusals import N_


class Permission(Labelled):
    """Something a role may or may not do."""

    # What may be read.
    READ_TICKETS = "read_tickets", N_("查看工单")
    READ_TICKET_SUMMARY = "read_ticket_summary", N_("查看工单概要")
    READ_INTERNAL_NOTES = "read_internal_notes", N_("查看内部备注")
    READ_PEOPLE = "read_people", N_("查看人员")
    READ_MERCHANTS = "read_merchants", N_("查看商家档案")
    READ_CONTRACTS = "read_contracts", N_("查看合同")
    READ_REPORTS = "read_reports", N_("查看报表")
    READ_TEAM = "read_team", N_("查看团队看板")
    READ_SETTINGS = "read_settings", N_("查看设置")
    READ_JOBS = "read_jobs", N_("查看后台任务")
    READ_AUDIT = "read_audit", N_("查看审计记录")
    # A view of one's own department is everybody's to share.
    SHARE_VIEWS = "share_views", N_("共享视图给全公司")
    USE_ANSWERS = "use_answers", N_("使用常用语")
    # A department's are its supervisor's.
    SET_ANSWERS = "set_answers", N_("维护全公司的常用语")

    # Taking a matter in and bringing it to its end.
    REPORT_TICKET = "report_ticket", N_("提交问题")
    SUPPLEMENT = "supplement", N_("补充材料")
    ACCEPT_TICKET = "accept_ticket", N_("受理问题")
    CHANGE_URGENCY = "change_urgency", N_("调整紧急程度")
    ASSIGN_OWNER = "assign_owner", N_("指定负责人")
    RETURN_VISIT = "return_visit", N_("回访")
    CLOSE_TICKET = "close_ticket", N_("结案")
    REOPEN = "reopen", N_("重新打开")
    WITHDRAW = "withdraw", N_("撤回问题")
    REFUSE = "refuse", N_("不予受理")
    MERGE = "merge", N_("合并重复工单")
    IMPORT_TICKETS = "import_tickets", N_("导入台账")
    LINK = "link", N_("关联工单")

    # The department's work.
    TRIAGE = "triage", N_("初步排查")
    ANALYSE = "analyse", N_("分析原因")
    DETERMINE_RESPONSIBILITY = "determine_responsibility", N_("判定责任")
    REVIEW_DETERMINATION = "review_determination", N_("复议责任判定")
    PLAN = "plan", N_("制定方案")
    REVIEW_PLAN = "review_plan", N_("审核方案")
    EXECUTE = "execute", N_("执行方案")
    WATCH_METRIC = "watch_metric", N_("跟踪指标")

    # The merchant's answers.
    CONFIRM_PLAN = "confirm_plan", N_("确认方案")
    CONFIRM_RESULT = "confirm_result", N_("确认结果")
    RATE = "rate", N_("评价")
    OBJECT_TO_DETERMINATION = "object_to_determination", N_("对责任判定提出异议")

    # Disputes.
    COORDINATE_DISPUTE = "coordinate_dispute", N_("协调纠纷")
    NEGOTIATE = "negotiate", N_("参与协商")
    SIGN_FOR_AGENCY = "sign_for_agency", N_("代表代运营方签署")
    SIGN_FOR_MERCHANT = "sign_for_merchant", N_("代表商家签署")
    PURSUE_EXTERNALLY = "pursue_externally", N_("办理仲裁或诉讼")

    # At any time while a ticket is open.
    HOLD = "hold", N_("挂起与恢复")
    ESCALATE = "escalate", N_("升级")
    DECIDE_ESCALATION = "decide_escalation", N_("处理升级")
    HAND_OVER = "hand_over", N_("移交部门")
    MEETING = "meeting", N_("记录跨部门会议")

    # The timeline.
    WRITE_MESSAGE = "write_message", N_("发送消息")
    WRITE_NOTE = "write_note", N_("写内部备注")
    RECORD_CONTACT = "record_contact", N_("登记沟通记录")

    # Setting the house up.
    MANAGE_PEOPLE = "manage_people", N_("管理人员")
    MANAGE_ASSIGNMENTS = "manage_assignments", N_("分配商家")
    MANAGE_MERCHANTS = "manage_merchants", N_("管理商家档案")
    MANAGE_CONTACTS = "manage_contacts", N_("维护商家联系人")
    KEEP_ACCOUNTS = "keep_accounts", N_("维护结算账户")
    MANAGE_CONTRACTS = "manage_contracts", N_("管理合同")
    MANAGE_LIMITS = "manage_limits", N_("管理时限与日历")
    MANAGE_SETTINGS = "manage_settings", N_("管理设置")
    MANAGE_API_KEYS = "manage_api_keys", N_("管理接口密钥")
    MANAGE_WEBHOOKS = "manage_webhooks", N_("管理事件推送")
    RETRY_JOBS = "retry_jobs", N_("重试后台任务")

    # 保密: what confidential rows may be used for, and who watches over that.
    RECORD_CONSUMER = "record_consumer", N_("登记消费者")
    SET_PRIVATE_PRODUCTS = "set_private_products", N_("设置私密产品")
    SEARCH_CONSUMERS = "search_consumers", N_("查找消费者")
    MARK_CONFIDENTIAL = "mark_confidential", N_("标记保密")
    REVEAL = "reveal", N_("查看保密内容")
    READ_REVEALS = "read_reveals", N_("查看保密查看记录")
    OBJECT_TO_REVEAL = "object_to_reveal", N_("对查看提出异议")
    ANSWER_OBJECTION = "answer_objection", N_("答复查看异议")
    GIVE_CONSENT = "give_consent", N_("授权对外提供")
    REQUEST_DISCLOSURE = "request_disclosure", N_("申请对外提供")
    EXPORT_CONFIDENTIAL = "export_confidential", N_("导出保密内容")
    READ_DISCLOSURES = "read_disclosures", N_("查看对外提供")
    READ_REGISTER = "read_register", N_("查看个人信息处理台账")
    HANDLE_SUBJECT_REQUESTS = "handle_subject_requests", N_("处理个人信息请求")
    MANAGE_CONFIDENTIALITY = "manage_confidentiality", N_("管理保密规则")
    READ_DECOYS = "read_decoys", N_("查看诱饵记录")
    MANAGE_KEYS = "manage_keys", N_("管理密钥")
    APPROVE_KEY_DESTRUCTION = "approve_key_destruction", N_("批准销毁密钥")

    # 财务: what a ticket costs, who bears it, and what is charged for it.
    RECORD_COSTS = "record_costs", N_("登记费用")
    VERIFY_COSTS = "verify_costs", N_("核实费用")
    READ_COSTS = "read_costs", N_("查看费用")
    KEEP_BOOKS = "keep_books", N_("维护账簿")
    READ_BOOKS = "read_books", N_("查看账簿")
    CLOSE_PERIODS = "close_periods", N_("结账与反结账")
    SET_ATTRIBUTION_RULES = "set_attribution_rules", N_("设置费用归属规则")
    SET_BUDGETS = "set_budgets", N_("设置预算")
    READ_BUDGETS = "read_budgets", N_("查看预算")
    ISSUE_STATEMENTS = "issue_statements", N_("出具对账单")
    READ_STATEMENTS = "read_statements", N_("查看对账单")
    READ_DISPUTES = "read_disputes", N_("查看对账异议")
    CONFIRM_STATEMENTS = "confirm_statements", N_("确认对账单")
    REQUEST_INVOICES = "request_invoices", N_("申请开票")
    ISSUE_INVOICES = "issue_invoices", N_("开具发票")

    @property
    def scope(self) -> Scope:
        """Which scope an API key needs for it."""
        if self in (Permission.REVEAL, Permission.EXPORT_CONFIDENTIAL):
            return Scope.REVEAL
        if self.value.startswith("read_") or self is Permission.SEARCH_CONSUMERS:
            return Scope.READ
        return Scope.MANAGE if self.value.startswith("manage_") or self is Permission.RETRY_JOBS else Scope.WRITE
