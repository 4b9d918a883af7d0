"""What a commander types: a level or the end, why, on whose word."""

from typing import Any

from django import forms

from floodresponse.models import Level
from floodresponse.services import Decision, Keeping

END, KEEP = "end", "keep"
LEVELS = [(str(level.value), level.label) for level in Level]
DECLARING = [*LEVELS, (KEEP, "不启动响应")]
ACTIVE = [*LEVELS, (KEEP, "维持现行级别"), (END, "终止响应")]


class DecisionForm(forms.Form):
    """``seen`` is the sequence of the level record on the page, 0 before the first.

    ``recommended`` is what the page recommended, empty for no level: who keeps a level declines it.
    """

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
    recommended = forms.TypedChoiceField(
        choices=[("", "未达 IV 级"), *LEVELS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, active: bool, exercise: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = self._choices(active=active, exercise=exercise)

    @staticmethod
    def _choices(*, active: bool, exercise: bool) -> list[tuple[str, str]]:
        """Where a drill has not begun there is nothing to decline."""
        if active:
            return ACTIVE
        return LEVELS if exercise else DECLARING

    @property
    def keeps(self) -> bool:
        """Whether the level stays as it is."""
        return bool(self.cleaned_data["level"] == KEEP)

    def keeping(self) -> Keeping:
        """What was declined."""
        return Keeping(
            declined=self.cleaned_data["recommended"],
            reason=self.cleaned_data["reason"],
            authorised_by=self.cleaned_data["authorised_by"],
        )

    def decision(self) -> Decision:
        """What was decided."""
        level = self.cleaned_data["level"]
        return Decision(
            level=None if level == END else int(level),
            reason=self.cleaned_data["reason"],
            authorised_by=self.cleaned_data["authorised_by"],
        )
