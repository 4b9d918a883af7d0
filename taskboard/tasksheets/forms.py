"""What people fill in to hand a sheet back."""

from django import forms

REASON_LONGEST = 200


class SheetForm(forms.Form):
    """The sheet."""

    file = forms.FileField(
        label="表格（xlsx）",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class ConfirmForm(forms.Form):
    """What was shown, and why tasks that were issued are corrected."""

    payload = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label="更正的理由", max_length=REASON_LONGEST, required=False)
