"""The chronicle in the audit log."""

SUBJECTS = {"event": "大事记"}
VERBS = {
    "event.place": "移动次序",
    "event.correction": "提出更正",
    "event.correction.confirm": "签发更正",
    "event.correction.void": "撤销更正",
}
