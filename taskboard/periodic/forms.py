"""What a department types for a periodic report."""

from django import forms

AREA = forms.Textarea(attrs={"rows": 5})


class PeriodicReportForm(forms.Form):
    """Progress, problems, advice."""

    progress = forms.CharField(label="进展", max_length=4000, widget=AREA)
    problems = forms.CharField(label="存在问题", max_length=4000, required=False, widget=AREA)
    advice = forms.CharField(label="意见建议", max_length=4000, required=False, widget=AREA)
