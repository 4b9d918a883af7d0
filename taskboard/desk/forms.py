"""What a supervisor fills in at the desk."""

from django import forms

from taskboard.models import ReportObligation, Task
from taskboard.services.urging import LONGEST

USUAL = "请抓紧办理，按时反馈；有困难请及时说明。"


class UrgeForm(forms.Form):
    """What is urged, and with which words."""

    task = forms.ModelMultipleChoiceField(Task.objects.none(), label="任务", required=False)
    # Tasks that wait for a signature: only who has not signed is urged.
    signing = forms.ModelMultipleChoiceField(Task.objects.none(), label="任务", required=False)
    obligation = forms.ModelMultipleChoiceField(
        ReportObligation.objects.none(), label="定期报送", required=False
    )
    text = forms.CharField(
        label="催办内容", max_length=LONGEST, initial=USUAL, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: object, tasks: object = None, obligations: object = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        for name, rows in (("task", tasks), ("signing", tasks), ("obligation", obligations)):
            if rows is not None:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]  # of a choice among records
