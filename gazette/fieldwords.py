"""Fields of records and their values as a preview says them. Pure."""

from typing import Any

FIELDS = {
    "start_date": "起始日期",
    "end_date": "结束日期",
    "position": "本月序号",
    "text": "正文",
    "officials": "人员",
    "departments": "部门",
    "citations": "引用",
    "title": "标题",
    "number": "序号",
    "issuer": "发文机关",
    "issued_on": "成文日期",
    "addressees": "主送机关",
    "is_public": "公开",
    "release_note": "公开标注",
    "preamble": "前言",
    "plan_title": "所附方案",
    "plan_preamble": "方案前言",
    "annexes": "附件",
    "sections": "条目",
    "rosters": "名单",
    "stages": "阶段",
    "order": "次序",
    "part": "部分",
    "subsection": "小节",
    "lead": "牵头",
    "support": "配合",
    "due_on": "时限",
    "due_text": "时限原文",
    "milestones": "节点",
    "year": "年度",
    "thresholds": "启动条件",
    "duties": "成员单位职责",
    "groups": "专项工作组",
}
MILESTONE_WORDS = {"milestone": "节点", "start": "开始"}


def in_words(name: str, value: Any) -> list[str]:
    """A value of a field as lines of text; no line for an empty value."""
    if value in (None, "", []):
        return []
    if isinstance(value, bool):
        return ["是" if value else "否"]
    if isinstance(value, list):
        return [_row_in_words(name, row) for row in value]
    return str(value).splitlines()


def _row_in_words(name: str, row: Any) -> str:
    if not isinstance(row, list):
        return str(row)
    if name == "officials":
        person, post, printed = row
        return f"{post} {person}".strip() + (f"（印作{printed}）" if printed != person else "")
    if name in ("lead", "support"):
        department, printed = row
        return f"{department}（印作{printed}）" if printed != department else str(department)
    if name == "rosters":
        return f"{row[0]} {len(row[3])} 人"
    if name == "milestones":
        return f"{MILESTONE_WORDS.get(row[0], row[0])} {row[1]} {row[2]}".strip()
    if name == "sections":
        return f"{row[1]} {row[2]} {row[3]}".strip()
    if name == "stages":
        return f"{row[0]} {row[1] or ''} 至 {row[2] or ''}".strip()
    if name == "annexes":
        return f"{row[0]} {row[1]}{'' if row[2] else '（原文未附）'}".strip()
    return " ".join(str(part) for part in row if part not in (None, "", 0))
