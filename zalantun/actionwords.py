"""Records invented for trials, in the audit log."""

SUBJECTS = {"synthetic": "模拟数据"}
VERBS = {"synthetic.generate": "生成", "synthetic.remove": "清除"}
