"""Messages and how people are reached, in the audit log."""

SUBJECTS = {"contact": "联系方式", "message": "消息", "preference": "提醒偏好"}
VERBS = {"message.resend": "重新发送"}
