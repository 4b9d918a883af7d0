"""Accounts, people and departments in the audit log."""

SUBJECTS = {"user": "账户"}
VERBS = {
    "user.sign_in": "登录",
    "user.sign_out": "退出登录",
    "user.fail_sign_in": "登录失败",
    "user.grant_role": "授予角色",
    "user.revoke_role": "收回角色",
    "user.change_password": "修改密码",
    "user.reset_password": "重置密码",
    "user.issue_token": "签发令牌",
    "user.revoke_token": "收回令牌",
    "user.end_session": "结束会话",
    "user.change_second_factor": "变更两步验证",
    "user.bind_identity": "绑定统一身份",
    "user.unbind_identity": "解除统一身份绑定",
    "user.reset_second_factor": "解除两步验证",
    "user.leave": "办理离岗",
    "department.add_aliases": "增加别名",
    "department.remove_alias": "移除别名",
    "department.merge_propose": "提出并入",
    "department.merge.confirm": "同意并入",
    "department.merge.void": "不同意并入",
    "department.merged": "已并入",
    "person.learn_post": "记下职务",
    "person.remove_variant": "移除异体姓名",
    "person.separate": "分为两人",
}
