"""What a department types for a periodic report."""

from django import forms

from taskboard.forms import DAY
from taskboard.models import ReportingRule

AREA = forms.Textarea(attrs={"rows": 5})


class PeriodicReportForm(forms.Form):
    """Progress, problems, advice."""

    progress = forms.CharField(label="进展", max_length=4000, widget=AREA)
    problems = forms.CharField(label="存在问题", max_length=4000, required=False, widget=AREA)
    advice = forms.CharField(label="意见建议", max_length=4000, required=False, widget=AREA)


class RhythmForm(forms.Form):
    """How often a list is reported on, from when until when, and what of."""

    # Without it the mark is 0, which only a list without a rhythm has.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rhythm = forms.ChoiceField(label="频次", choices=ReportingRule.Rhythm)
    starts_on = forms.DateField(label="自", widget=DAY, help_text="从这天起按这个频次报送")
    ends_on = forms.DateField(label="至", required=False, widget=DAY, help_text="不填就一直报送到任务办结")
    content = forms.CharField(
        label="报送内容", required=False, max_length=200, help_text="如：工作进展、存在问题和下步打算"
    )
