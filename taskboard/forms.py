"""What people fill in for the steps of a task."""

from decimal import Decimal
from typing import Any

from django import forms

from organizations.models import Department
from taskboard.models import Task, TaskList
from taskboard.targets import standing_of

TOO_LONG = 4000
MOST, DIGITS, PLACES = Decimal("999999999999.99"), 14, 2
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _words(label: str, *, required: bool = True, rows: int = 3, hint: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "placeholder": hint})
    return forms.CharField(label=label, required=required, max_length=TOO_LONG, widget=area)


class StepForm(forms.Form):
    """A step that needs nothing; others add their fields. ``values`` go to the service."""

    def __init__(self, *args: Any, task: Task | None = None, **kwargs: Any) -> None:
        self.task = task
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """What the service is handed."""
        return dict(self.cleaned_data)


class ReasonForm(StepForm):
    """With a reason."""

    reason = _words("理由")


class RemarkForm(StepForm):
    """With a remark that may be left out."""

    reason = _words("复核意见", required=False, rows=2)


class ProgressForm(StepForm):
    """How far the department has come, with a field for each target of the task."""

    percent = forms.IntegerField(
        label="进度（%）",
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "task-percent"}),
    )
    text = _words("进展", hint="做了什么，到了什么程度")
    problems = _words("存在问题", required=False, rows=2)
    next_steps = _words("下步打算", required=False, rows=2)
    setback = _words("回落原因", required=False, rows=2, hint="进度或完成数比上次低时填写")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target in self.task.targets.all() if self.task else ():
            self.fields[f"target_{target.pk}"] = forms.DecimalField(
                label=f"{target.name}（{target.unit}）",
                required=False,
                min_value=0,
                max_value=MOST,
                max_digits=DIGITS,
                decimal_places=PLACES,
                help_text=f"目标 {target.value.normalize():f} {target.unit}",
            )

    @property
    def values(self) -> dict[str, Any]:
        """Quantities go by the key of their target."""
        given = dict(self.cleaned_data)
        names = [name for name in given if name.startswith("target_")]
        reached = {int(name.removeprefix("target_")): given.pop(name) for name in names}
        return {**given, "quantities": {pk: value for pk, value in reached.items() if value is not None}}


class EvidenceForm(StepForm):
    """A file."""

    file = forms.FileField(label="文件", help_text="图片、PDF 或办公文档", allow_empty_file=True)

    @property
    def values(self) -> dict[str, Any]:
        """The service calls it an upload."""
        return {"upload": self.cleaned_data["file"]}


def _not_there_yet(task: Task) -> str:
    """What is still lacking as the result is handed in; a hint, since the supervisor judges the result."""
    lacking = [f"进度 {task.percent}%，未到 100%"] if task.percent < 100 else []
    targets = [standing_of(target) for target in task.targets.all() if hasattr(target, "reached")]
    lacking += [f"{each.target.name}{each.word}" for each in targets if not each.met]
    if not lacking:
        return ""
    return f"请核对：{'；'.join(lacking)}。照此反馈的，督查人员复核时看得到；还没有做完的请先报进展。"


class SubmitForm(StepForm):
    """The result."""

    text = _words("办理结果", hint="完成情况；佐证见附件")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.task is not None:
            self.fields["text"].help_text = _not_there_yet(self.task)


class ExtensionForm(StepForm):
    """A later date."""

    until = forms.DateField(label="延至", widget=DAY)
    reason = _words("理由")


class CommentForm(StepForm):
    """A remark, and which departments of the task should see it."""

    text = _words("留言", rows=2)
    mentions = forms.ModelMultipleChoiceField(
        Department.objects.none(), label="提到", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.task is not None:
            field: Any = self.fields["mentions"]
            field.queryset = Department.objects.filter(task_duties__task=self.task).distinct()


class DecisionForm(forms.Form):
    """Whether a later date holds."""

    grant = forms.TypedChoiceField(
        label="批复", choices=[("1", "同意延期"), ("0", "不同意")], coerce=lambda word: word == "1"
    )
    reason = _words("意见", required=False, rows=2, hint="不同意时请写明理由")


class IssueForm(forms.Form):
    """Which tasks are issued, and the end that undated ones inherit."""

    ends_on = forms.DateField(label="清单期限", required=False, widget=DAY)
    whole = forms.TypedChoiceField(
        label="范围",
        choices=[("1", "全部未下发的任务"), ("0", "只下发选中的任务")],
        coerce=lambda word: word == "1",
        initial="1",
        widget=forms.RadioSelect,
    )
    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(), label="任务", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, task_list: TaskList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ends_on", task_list.ends_on)
        field: Any = self.fields["tasks"]
        field.queryset = task_list.tasks.filter(state=Task.State.DRAFT).order_by("order")

    def clean(self) -> dict[str, Any]:
        """A part is named; undated tasks have an end to inherit."""
        given = super().clean() or {}
        wanted = self.drafts
        if given.get("whole") is False:
            wanted = given.get("tasks", ())
            if not wanted and "tasks" not in self.errors:
                self.add_error("tasks", "请至少选择一项任务。")
        undated = sum(task.due_on is None for task in wanted)
        if undated and not given.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", f"有 {undated} 项任务没有自己的时限，请选择它们沿用的清单期限。")
        return given

    @property
    def when_undated(self) -> str:
        """Whether the end may be left out: not where tasks inherit it."""
        undated = sum(task.due_on is None for task in self.drafts)
        return f"{undated} 项任务没有自己的时限，下发它们时必填" if undated else ""

    @property
    def drafts(self) -> Any:
        """Tasks that can be issued."""
        field: Any = self.fields["tasks"]
        return field.queryset
