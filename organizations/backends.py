"""Signing in."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class PasswordBackend(ModelBackend):
    """Checks passwords. Permissions are those of ``organizations.rules``: no table is asked for others."""

    def has_perm(self, *args: Any, **kwargs: Any) -> bool:
        """None of its own."""
        return False

    def has_module_perms(self, *args: Any, **kwargs: Any) -> bool:
        """None of its own."""
        return False

    def get_all_permissions(self, *args: Any, **kwargs: Any) -> set[str]:
        """None of its own."""
        return set()
