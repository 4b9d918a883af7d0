"""Documents and topics in the audit log."""

SUBJECTS = {"directive": "政策文件", "topic": "主题"}
VERBS = {
    "directive.correction": "提出更正",
    "directive.correction.confirm": "签发更正",
    "directive.correction.void": "撤销更正",
    "directive.status": "提出状态变化",
    "directive.status.confirm": "签发状态变化",
    "directive.status.void": "撤销状态变化",
    "topic.filing": "按规则归类",
    "topic.filing_confirm": "确认归类",
    "topic.rule_add": "增加归类规则",
    "topic.rule_change": "修改归类规则",
    "topic.rule_remove": "移除归类规则",
}
