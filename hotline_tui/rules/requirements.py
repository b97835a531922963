"""The requirements by number: what the regulation and the decisions on it ask for, one row each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: its number, where it comes from, and what it asks for in a line."""

    id: str
    article: str
    """As the rules' refusals name it; 决定 where the text leaves a point open."""
    says: str
    lacks: str = ""
    """What of it is not there yet."""
    later: bool = False
    """Nothing of it is there yet."""

    @property
    def marker(self) -> str:
        """The marker that `pytest -m` takes: R-11.2.2a is R_11_2_2a."""
        return self.id.replace("-", "_").replace(".", "_")


REQUIREMENTS = (
    Requirement("R-7", "第七条", "受理日常求助、热点难点、意见建议、对机关效能作风的投诉举报和政策咨询"),
    Requirement(
        "R-8", "第八条", "不予受理须选定一项理由, 告知来电人, 记录并计数; 重复的写明原件或并案; 警情当即告知专号"
    ),
    Requirement("R-9", "第九条", "类别为七类之一, 并记诉求分类、属地和地址、是否紧急、是否保密"),
    Requirement("R-10", "第十条", "电话、市长信箱、窗口三种来路; 信件导入而不重打; 收到即存"),
    Requirement(
        "R-15", "第十五条", "投诉、举报须有姓名、联系方式、工作单位、家庭住址, 缺项时说明缺什么; 其他类别可匿名"
    ),
    Requirement("R-16", "第十六条", "恶意、虚假、辱骂的工单可标记并移送公安, 写明移送情况"),
    Requirement("R-D1", "决定", "录入的文字自动存为草稿, 程序中断、终端关闭、锁定后都在"),
    Requirement("R-11.2.1", "第十一条(二)1", "直办: 以标准答案当场或网上答复, 记录用了哪条、哪个版本"),
    Requirement("R-11.2.2", "第十一条(二)2", "交办: 交给职责所在的单位, 并跟踪"),
    Requirement(
        "R-11.2.2a", "第十一条(二)2(1)", "限时件: 咨询 3、求助 5、投诉 5、举报 10、建议 5、表扬 3、其他 3 个工作日"
    ),
    Requirement("R-11.2.2b", "第十一条(二)2(2)", "承诺件: 限时内先答复情况并承诺日期, 办结后再次答复; 两个时限都算"),
    Requirement("R-11.2.2c", "第十一条(二)2(3)", "会签件: 呈报领导确定牵头和协办单位, 各有时限, 联合回复一次"),
    Requirement("R-11.2.3", "第十一条(二)3", "批办: 重要或难定单位的呈报领导, 按批示交办; 批示内容、领导和时间留存"),
    Requirement("R-11.3", "第十一条(三)", "退件: 不属职责的当日退回, 写明理由"),
    Requirement("R-11.4", "第十一条(四)", "督办: 催办逐次记录; 急件派人到现场, 记派出、到达和处置情况"),
    Requirement("R-11.5", "第十一条(五)", "回复: 单位分管领导先审核, 热线办再决定单独回复或网上公开"),
    Requirement("R-11.6", "第十一条(六)", "回访满意的归档; 不满意的由热线办复查, 重新交办或写明理由归档"),
    Requirement(
        "R-11.7", "第十一条(七)", "每一步自动留痕, 不能改删; 单位只查本单位的工单; 统计", lacks="任意时段的统计"
    ),
    Requirement("R-11.8", "第十一条(八)", "考评: 每月通报, 年终汇总, 计入单位得分", later=True),
    Requirement("R-S1", "讲话", "来信 3 个工作日内有回应; 长期事项续报; 可转下属单位, 上级单位负责", lacks="每周汇总"),
    Requirement("R-D2", "决定", "交办当日不计, 第 n 个工作日的下班时间为时限"),
    Requirement("R-D3", "决定", "工作日依放假通知, 可加有依据的日子; 通知未到的年份为暂定"),
    Requirement("R-D4", "决定", "录入放假通知的文本, 先核对、看变动, 确认后重算时限, 每件留痕"),
    Requirement("R-D5", "决定", "退件时限为交办当日下班; 逾期退件须热线办同意, 计为逾期"),
    Requirement("R-D6", "决定", "再次交办为新的承办和新的时限; 工单仍显示自首次收到的天数"),
    Requirement("R-D7", "决定", "临期、超期、严重超期在查看时由时限算出, 不另存"),
    Requirement("R-D8", "决定", "承诺日期经热线办同意才能变更, 写明理由, 每次变更留存"),
    Requirement("R-D9", "决定", "首接单位始终显示; 退件计数; 两次退件的由热线办确定"),
    Requirement("R-13a", "第十三条", "被反映单位及其下属单位不得承办, 也查不到该件"),
    Requirement("R-13b", "第十三条", "来电人信息平时遮盖; 查看须写理由, 并留痕"),
    Requirement("R-14", "第十四条", "不宜公开的只回复来电人; 公开前核查个人信息, 有疑的经人确认才能公开"),
    Requirement("R-17", "第十七条", "打击报复来电人的, 记录在案并追究", lacks="计入考评"),
    Requirement("R-18", "第十八条", "弄虚作假、推诿不作为的, 记录在案并追究", lacks="计入考评"),
    Requirement("R-6a", "运行环境", "80x24 终端、颜色少、线路慢、没有鼠标也能办件"),
    Requirement("R-6b", "运行环境", "督办人员在终端上看实时的超期看板"),
    Requirement("R-6c", "运行环境", "服务点断网数日照常办件, 其后联网或拷贝文件同步", later=True),
    Requirement("R-6d", "运行环境", "SQLite 和 Postgres 上行为相同"),
)
"""In the order of the regulation; `docs/regulation.md` says where each is implemented and proved."""
BY_ID = {requirement.id: requirement for requirement in REQUIREMENTS}
