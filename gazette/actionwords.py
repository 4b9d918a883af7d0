"""Imports, issues and names in the audit log."""

SUBJECTS = {"import": "公报导入", "issue": "公报期次", "names": "名称回填", "issuer": "发文机关"}
VERBS = {
    "import.discard": "放弃",
    "import.publish": "签发发布",
    "import.release": "退回待办",
    "import.write": "写入",
    "issue.corrections": "选定更正",
    "issue.documents": "编排文件",
    "issue.edit": "修改",
    "names.run": "执行",
}
