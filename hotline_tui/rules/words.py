"""The glossary (REGULATION section 1): closed lists of terms, each stored by value and shown by label."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """A term: `value` is stored and scripted with, `label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> Word:
        """A term of the list."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        return term


class Kind(Word):
    """类别: exactly seven (Art. 9)."""

    INQUIRY = "inquiry", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    TIPOFF = "tipoff", "举报"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"
    OTHER = "other", "其他"


class Channel(Word):
    """渠道 (R-10)."""

    PHONE = "phone", "电话"
    MAILBOX = "mailbox", "市长信箱"
    COUNTER = "counter", "窗口"
    IMPORT = "import", "批量导入"


class Role(Word):
    """岗位: who sits at a desk (Art. 5)."""

    AGENT = "agent", "呼叫前台"
    OFFICE = "office", "热线办"
    HANDLER = "handler", "承办人"
    UNIT_LEADER = "unit_leader", "单位分管领导"
    CITY_LEADER = "city_leader", "市领导"
    AUTHORITY = "authority", "主管机关"
    ADMIN = "admin", "系统管理员"


class Route(Word):
    """办理方式 (Art. 11(2))."""

    DIRECT = "direct", "直办"
    ASSIGNED = "assigned", "交办"
    INSTRUCTED = "instructed", "批办"


class AssignmentType(Word):
    """交办件的种类 (Art. 11(2)2)."""

    TIMED = "timed", "限时件"
    PROMISED = "promised", "承诺件"
    COUNTERSIGNED = "countersigned", "会签件"


class Share(Word):
    """单位在会签件中的地位."""

    LEAD = "lead", "牵头单位"
    ASSIST = "assist", "协办单位"


class RequestMatter(Word):
    """What a unit asks the office to consent to (R-D5, R-D8)."""

    LATE_RETURN = "late_return", "逾期退件"
    PROMISED_DAY = "promised_day", "变更承诺日期"


class Fault(Word):
    """责任追究的情形 (Art. 17, 18)."""

    RETALIATION = "retaliation", "打击报复"
    FALSIFICATION = "falsification", "弄虚作假"
    INACTION = "inaction", "推诿不作为"


class Verdict(Word):
    """回访结果 (Art. 11(6))."""

    SATISFIED = "satisfied", "满意"
    MOSTLY_SATISFIED = "mostly_satisfied", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"
    UNREACHED = "unreached", "未联系上"


class Release(Word):
    """回复方式 (Art. 11(5), 14)."""

    PRIVATE = "private", "单独回复"
    PUBLIC = "public", "网上公开"


class Duty(Word):
    """What a deadline asks for."""

    REPLY = "reply", "回复"
    PROMISE = "promise", "承诺办结"
    RETURN = "return", "退件"
    INSTRUCT = "instruct", "批示"
    CALLBACK = "callback", "回访"


class Standing(Word):
    """时限状态 (R-D7), decided at the moment of asking."""

    IN_TIME = "in_time", "时限内"
    DUE_SOON = "due_soon", "临期"
    OVERDUE = "overdue", "超期"
    SERIOUSLY_OVERDUE = "seriously_overdue", "严重超期"


class RefusalReason(Word):
    """不予受理的理由 (Art. 8), one each; an emergency is told the right number at once."""

    MALICIOUS = "malicious", "恶意攻击"
    DUPLICATE = "duplicate", "内容重复"
    VAGUE = "vague", "内容空泛"
    UNANSWERABLE = "unanswerable", "不具备答复条件"
    ADVERTISING = "advertising", "推销广告"
    STATUTORY_BODY = "statutory_body", "属人大、法院、检察院职权"
    LEGAL_REMEDY = "legal_remedy", "应通过诉讼、仲裁、行政复议解决"
    EMERGENCY = "emergency", "紧急警情(110/119/120/122)"


class ArticleState(Word):
    """标准答案的状态."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "有效"
    EXPIRED = "expired", "停用"


class MissedState(Word):
    """缺答问题的状态."""

    OPEN = "open", "待处理"
    WRITTEN = "written", "已拟写"
    ASIDE = "aside", "已搁置"


class OrderState(Word):
    """工单状态."""

    RECEIVED = "received", "待处理"
    ANSWERED = "answered", "已直接答复"
    AWAITING_INSTRUCTION = "awaiting_instruction", "待批示"
    ASSIGNED = "assigned", "办理中"
    REPLIED = "replied", "待审核发布"
    AWAITING_CALLBACK = "awaiting_callback", "待回访"
    UNDER_REVIEW = "under_review", "待复查"
    ARCHIVED = "archived", "已归档"
    REFUSED = "refused", "不予受理"
    MERGED = "merged", "已并案"


class AssignmentState(Word):
    """承办状态: one unit's share of an order."""

    DISPATCHED = "dispatched", "待签收"
    SIGNED = "signed", "已签收"
    PROMISED = "promised", "已承诺"
    REPLY_DRAFTED = "reply_drafted", "待领导审核"
    REPLY_APPROVED = "reply_approved", "已回复"
    RETURNED = "returned", "已退件"
    CANCELLED = "cancelled", "已撤销"


class Action(Word):
    """What a person can do to an order or to an assignment; one event each."""

    REGISTER = "register", "受理"
    IMPORT = "import", "收信"
    CLASSIFY = "classify", "分类"
    REFUSE = "refuse", "不予受理"
    ANSWER = "answer", "直接答复"
    REPORT = "report", "呈报批示"
    WITHDRAW = "withdraw", "撤回呈报"
    INSTRUCT = "instruct", "批示"
    ASSIGN = "assign", "交办"
    MERGE = "merge", "并案"
    SIGN = "sign", "签收"
    RETURN = "return", "退件"
    REQUEST_RETURN = "request_return", "申请退件"
    CONSENT_RETURN = "consent_return", "同意退件"
    PROMISE = "promise", "承诺"
    REQUEST_PROMISE = "request_promise", "申请变更承诺"
    CHANGE_PROMISE = "change_promise", "变更承诺"
    DECLINE = "decline", "不予同意"
    PROPOSE_COUNTERSIGN = "propose_countersign", "提请会签"
    DELEGATE = "delegate", "转下属单位"
    PROGRESS = "progress", "续报"
    DRAFT_REPLY = "draft_reply", "拟写回复"
    APPROVE = "approve", "审核通过"
    SEND_BACK = "send_back", "退回修改"
    RELEASE = "release", "发布回复"
    REJECT_REPLY = "reject_reply", "退回重办"
    CALL_BACK = "call_back", "回访"
    REDISPATCH = "redispatch", "重新交办"
    ARCHIVE = "archive", "归档"
    CANCEL = "cancel", "撤销承办"
    URGE = "urge", "催办"
    SUPERVISE = "supervise", "督办"
    ON_SITE = "on_site", "现场处置"
    NOTE = "note", "备注"
    MARK_MALICIOUS = "mark_malicious", "移送公安"
    RECORD_MISCONDUCT = "record_misconduct", "责任追究"
    RESTRICT = "restrict", "限定知悉"
    RECALCULATE = "recalculate", "时限重算"
    UNMASK = "unmask", "查看信息"


class Span(Word):
    """统计时段的种类."""

    WEEK = "week", "周"
    MONTH = "month", "月"
    QUARTER = "quarter", "季度"
    YEAR = "year", "年"
    ANY = "any", "任意时段"


class Report(Word):
    """What the office makes of its figures (R-11.8, R-S1)."""

    BULLETIN = "bulletin", "月度通报"
    WEEKLY = "weekly", "每周汇总"
    QUARTERLY = "quarterly", "季度报告"
    APPRAISAL = "appraisal", "年终考评"


class Measure(Word):
    """What is counted (REGULATION section 5); `rules.indicators` says what each means."""

    RECEIVED = "received", "收到"
    ACCEPTED = "accepted", "受理"
    REFUSED = "refused", "不予受理"
    DIRECT = "direct", "直接答复"
    ANSWERED = "answered", "答复"
    PUBLISHED = "published", "网上公开"
    DISPATCHED = "dispatched", "交办"
    SIGNED = "signed", "当日签收"
    RETURNED = "returned", "退件"
    RETURNED_LATE = "returned_late", "逾期退件"
    REDISPATCHED = "redispatched", "重新交办"
    DUE = "due", "应办结"
    ON_TIME = "on_time", "按时办结"
    COMPLETED = "completed", "办结"
    LATE = "late", "超期办结"
    OPEN = "open", "超期未办结"
    OVERDUE = "overdue", "超期"
    SERIOUS = "serious", "严重超期"
    CALLED = "called", "回访"
    REACHED = "reached", "回访联系上"
    SATISFIED = "satisfied", "满意"
    MOSTLY_SATISFIED = "mostly_satisfied", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"
    UNREACHED = "unreached", "未联系上"


class Indicator(Word):
    """指标: REGULATION section 5, each with its formula in `rules.indicators`."""

    SIGNED_IN_TIME = "signed_in_time", "签收及时率"
    ON_TIME = "on_time", "按时办结率"
    COMPLETED = "completed", "办结率"
    SATISFIED = "satisfied", "满意率"
    RETURNED = "returned", "退单率"
    REDISPATCHED = "redispatched", "重办率"
    DIRECT = "direct", "直接答复率"


class Dimension(Word):
    """By what figures are told apart."""

    TOTAL = "total", "合计"
    KIND = "kind", "类别"
    TOPIC = "topic", "诉求分类"
    CHANNEL = "channel", "渠道"
    REGION = "region", "属地"
    UNIT = "unit", "承办单位"
    HOUR = "hour", "受理时刻"


class OfficeAction(Word):
    """What a person can do that concerns no order; one event each."""

    SET_UP = "set_up", "建立热线"
    SIGN_IN = "sign_in", "登录"
    SIGN_IN_FAILED = "sign_in_failed", "登录失败"
    CREATE_ACCOUNT = "create_account", "新建账号"
    CHANGE_PASSWORD = "change_password", "修改口令"
    CLOSE_ACCOUNT = "close_account", "停用账号"
    REOPEN_ACCOUNT = "reopen_account", "启用账号"
    SAVE_SITES = "save_sites", "维护站点"
    SAVE_REGIONS = "save_regions", "维护属地"
    SAVE_UNITS = "save_units", "维护承办单位"
    SAVE_TOPICS = "save_topics", "维护诉求分类"
    SAVE_PLACES = "save_places", "维护地名"
    SAVE_CALENDAR = "save_calendar", "维护工作日历"
    TRAIN = "train", "训练建议"
    SAVE_ARTICLES = "save_articles", "修订标准答案"
    PUBLISH_ARTICLE = "publish_article", "发布标准答案"
    DISCARD_REVISION = "discard_revision", "丢弃修订稿"
    EXPIRE_ARTICLE = "expire_article", "停用标准答案"
    SET_ASIDE = "set_aside", "搁置缺答问题"
    WRITE_REPORT = "write_report", "撰写报告文字"
    CONFIRM_APPRAISAL = "confirm_appraisal", "确认考评"
