"""What is entered about sessions and tokens."""

from typing import Any

from django import forms
from django.conf import settings

from organizations.models import ApiToken
from organizations.services.tokens import NAME_LENGTH


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label="用途", max_length=NAME_LENGTH, help_text="写明由哪个程序使用，便于日后收回。"
    )
    scope = forms.ChoiceField(
        label="范围",
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READ,
        help_text="只读：查询；报送：查询，并报送读数、险情和任务进展；全部：本人能办的都能办。",
    )
    days = forms.IntegerField(label="有效天数", min_value=1, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["days"]
        field.help_text = f"最长 {settings.TOKEN_DAYS} 天。"
