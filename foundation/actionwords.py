"""What the codes of actions in the audit log are called by people.

A code is ``subject.verb``. Each room tells its subjects and what is special of
its verbs in a module ``actionwords`` (``SUBJECTS``, ``VERBS``); verbs that mean
the same everywhere stand here. Subjects that are models may stay untold: they
are called what the model is called.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.models import Q
from django.utils.module_loading import module_has_submodule

from foundation.publication import STEPS

# A label that holds one of these still holds a piece of the code.
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz_.")
SUBJECTS = {"page": "页面", "audit": "审计日志", "token": "令牌"}
VERBS = {
    "page.refuse": "拒绝访问",
    "page.export": "导出",
    "page.print": "打印",
    "token.fail": "令牌无效",
    "audit.keep_day": "保存每日文件",
    "audit.verify": "核对校验链",
    "audit.remove_old": "清除到期记录",
    "attachment.add": "上传",
    "attachment.delete": "删除",
}
COMMON = {
    **{name: step.word for name, step in STEPS.items()},
    "revision.submit": "更正提交签发",
    "revision.publish": "签发更正",
    "revision.return": "退回更正",
    "revision.discard": "放弃更正",
    "acknowledge": "确认收到",
    "add": "登记",
    "change": "修改",
    "confirm": "确认",
    "correct": "更正",
    "create": "新建",
    "end": "结束",
    "export": "导出",
    "file": "报送",
    "hand_over": "移交",
    "name": "改名",
    "names": "更新名称",
    "open": "设立",
    "propose": "提出更正",
    "refuse": "不同意",
    "remove": "移除",
    "resolve": "处置完毕",
    "save": "保存",
    "sign": "签字",
    "start": "开始",
    "update": "修改",
    "urge": "催办",
    "void": "撤销",
    "withdraw": "撤回",
    "write": "编写",
}


def label_of(action: str) -> str:
    """The action in words; a code that nobody told keeps what is unknown of it."""
    return f"{subject_of(action)}：{verb_of(action)}"


def subject_of(action: str) -> str:
    """What the action is about."""
    subject = action.partition(".")[0]
    return _told()["subjects"].get(subject) or _models().get(subject, subject)


def verb_of(action: str) -> str:
    """What is done."""
    verb = action.partition(".")[2]
    return _told()["verbs"].get(action) or COMMON.get(verb, verb)


def is_told(action: str) -> bool:
    """Whether a person can read the whole label."""
    return all(part and not set(part) & _LATIN for part in label_of(action).split("："))


def called(words: str) -> Q:
    """Condition on rows of the audit log: their action is called so, in words or by its code."""
    if "：" in words:
        subject, _, verb = words.partition("：")
        return _of_subject(subject) & _of_verb(verb)
    return Q(action__startswith=words) | _of_subject(words) | _of_verb(words)


def _of_subject(words: str) -> Q:
    named = {**_models(), **_told()["subjects"]}
    found = Q(pk__in=[])
    for subject, name in named.items():
        if words in name:
            found |= Q(action__startswith=f"{subject}.")
    return found


def _of_verb(words: str) -> Q:
    told = _told()["verbs"]
    found = Q(action__in=[action for action, verb in told.items() if words in verb])
    for verb, name in COMMON.items():
        if words in name:
            otherwise = [action for action in told if action.endswith(f".{verb}")]
            found |= Q(action__endswith=f".{verb}") & ~Q(action__in=otherwise)
    return found


@cache
def _told() -> Mapping[str, dict[str, str]]:
    subjects: dict[str, str] = {}
    verbs: dict[str, str] = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "actionwords"):
            module = import_module(f"{config.name}.actionwords")
            subjects |= getattr(module, "SUBJECTS", {})
            verbs |= getattr(module, "VERBS", {})
    return {"subjects": subjects, "verbs": verbs}


@cache
def _models() -> dict[str, str]:
    return {str(model._meta.model_name): str(model._meta.verbose_name) for model in apps.get_models()}
