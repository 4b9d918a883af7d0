"""Actions of accounts and of the log itself in words."""

WORDS = {
    "page.refuse": "拒绝访问",
    "page.export": "导出",
    "page.print": "打印",
    "token.fail": "令牌无效",
    "audit.keep_day": "保存每日文件",
    "audit.verify": "核对校验链",
    "audit.remove_old": "清除到期记录",
    "user.sign_in": "登录",
    "user.sign_out": "退出登录",
    "user.fail_sign_in": "登录失败",
    "user.create": "新建账户",
    "user.update": "修改账户",
    "user.grant_role": "授予角色",
    "user.revoke_role": "收回角色",
    "user.change_password": "修改密码",
    "user.reset_password": "重置密码",
    "user.issue_token": "签发令牌",
    "user.revoke_token": "收回令牌",
    "user.end_session": "结束会话",
    "user.change_second_factor": "变更两步验证",
}


def label_of(action: str) -> str:
    """The action in words; one that has none keeps its code."""
    return WORDS.get(action, action)


def codes_of(words: str) -> list[str]:
    """The codes of all actions whose words hold these."""
    return [code for code, label in WORDS.items() if words in label]
