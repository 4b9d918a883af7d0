"""What a commander types: a level or the end, why, on whose word."""

from typing import Any

from django import forms

from floodresponse.models import Level
from floodresponse.services import Decision

END = "end"
DECLARING = [(str(level.value), level.label) for level in Level]
ACTIVE = [*DECLARING, (END, "终止响应")]


class DecisionForm(forms.Form):
    """``seen`` is the sequence of the level record on the page, 0 before the first."""

    level = forms.ChoiceField(label="级别", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "field"}),
    )
    authorised_by = forms.CharField(
        label="下令人", required=False, max_length=80, widget=forms.TextInput(attrs={"class": "field"})
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, active: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = ACTIVE if active else DECLARING

    def decision(self) -> Decision:
        """What was decided."""
        level = self.cleaned_data["level"]
        return Decision(
            level=None if level == END else int(level),
            reason=self.cleaned_data["reason"],
            authorised_by=self.cleaned_data["authorised_by"],
        )
