"""Forms of the admin: what a service refuses and why a change is made."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[models.Model]
else:
    ModelForm = forms.ModelForm


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The lines as a list, without empty ones."""
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as lists."""
        return bool(self.to_python(initial) != self.to_python(data))

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit a list."""


class RecordForm(ModelForm):
    """A form whose record is written by a service.

    ``refusal`` is the sentence of a service that refused, shown above what was
    typed; ``sentences`` say what the constraints of the database mean.
    """

    refusal: ClassVar[str] = ""
    sentences: ClassVar[dict[str, str]] = {}

    def clean(self) -> dict[str, Any] | None:
        """Repeat the refusal."""
        cleaned = super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """In words, where the model only has a name for the rule that was broken."""
        spoken = {
            str(constraint.get_violation_error_message()): self.sentences[constraint.name]
            for constraint in self.instance._meta.constraints
            if constraint.name in self.sentences
        }
        for part in getattr(error, "error_dict", {}).get(NON_FIELD_ERRORS, ()):
            part.message = spoken.get(str(part.message), part.message)
        super().add_error(field, error)


class ReasonedForm(RecordForm):
    """A change of something that stands: with its reason."""

    reason = forms.CharField(
        label="修改理由",
        max_length=100,
        help_text="写入审计记录和修改历史。",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
