"""Kept searches in the audit log."""

SUBJECTS = {"search": "搜索订阅"}
VERBS = {"search.keep": "保存"}
