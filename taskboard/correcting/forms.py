"""What people fill in to change what a task says."""

from typing import Any

from django import forms

from taskboard.correcting.seen import seen_mark
from taskboard.forms import DAY
from taskboard.models import Task
from taskboard.tasksheets.columns import FIELDS, LONGEST, values_of
from taskboard.workdays import MOST_DAYS

OWN, INHERIT, WORKDAYS = "own", "inherit", "workdays"
KINDS = [(OWN, "写明日期"), (INHERIT, "沿用清单期限"), (WORKDAYS, "按工作日推算")]


def _line(name: str, *, required: bool = False, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=FIELDS[name], required=required, max_length=LONGEST.get(name), help_text=hint
    )


class WordsForm(forms.Form):
    """What a task says, and who does it."""

    title = _line("title", required=True)
    text = forms.CharField(
        label=FIELDS["text"],
        required=False,
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    part = _line("part")
    subsection = _line("subsection")
    number = _line("number")
    lead = _line("lead", required=True, hint="多个部门用“、”分开")
    support = _line("support", hint="多个部门用“、”分开")


class NewTaskForm(WordsForm):
    """A task that is added to a list."""

    due_on = forms.DateField(
        label=FIELDS["due_on"], required=False, widget=DAY, help_text="不填就沿用清单期限"
    )


class CorrectForm(WordsForm):
    """A task that is there: also its due date, and from what that is reckoned."""

    # Without it the mark is empty, which no task has.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="完成时限", choices=KINDS, widget=forms.RadioSelect)
    due_on = forms.DateField(label="日期", required=False, widget=DAY, help_text="写明日期时填写")
    trigger_on = forms.DateField(
        label="起算日期（收到之日）", required=False, widget=DAY, help_text="当日不计，从第二天起算"
    )
    days = forms.IntegerField(label="工作日数", required=False, min_value=1, max_value=MOST_DAYS)
    clause = forms.CharField(
        label="起算的条款", required=False, max_length=200, help_text="如：自收到申请之日起5个工作日内"
    )
    reason = forms.CharField(label="更正的理由", required=False, max_length=200)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        reckoned, dated = task.trigger_on is not None, task.due_on is not None
        kind = WORKDAYS if reckoned else OWN if dated else INHERIT
        initial = {
            **values_of(task),
            "seen": seen_mark(task),
            "kind": kind,
            "due_on": task.due_on,
            "trigger_on": task.trigger_on,
            "days": task.trigger_days,
            "clause": task.trigger_clause,
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        if task.state == Task.State.DRAFT:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True

    def clean(self) -> dict[str, Any]:
        """What the chosen kind of due date needs."""
        given = super().clean() or {}
        kind = given.get("kind")
        needed = {OWN: ("due_on",), WORKDAYS: ("trigger_on", "days", "clause")}.get(str(kind), ())
        for name in needed:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, f"请填写{self.fields[name].label}。")
        return given
