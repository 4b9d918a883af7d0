"""A lost telephone: recovery codes, and the security administrator who takes the second factor away."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.models import User
from organizations.services import disable_account, reset_password, reset_second_factor, unbind_identity
from tests.accounts import person, token_for
from tests.factories import UserFactory
from tests.organizations.test_second_factor import SECRET, code_now

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Str0ng-enough-9"
NEW = "Baihua-2022-zz"


def with_factor(role: str = "commander") -> User:
    user: User = UserFactory(username="li", role=role)
    TOTP.activate(user, SECRET)
    return user


def at_second_step() -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    return client


class TestRecoveryCodes:
    def test_each_opens_the_door_once(self) -> None:
        user = with_factor()
        code = RecoveryCodes.activate(user).get_unused_codes()[0]
        assert at_second_step().post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
        again = at_second_step().post("/accounts/2fa/authenticate/", {"code": code})
        assert again.status_code == 200 and "没有通过验证" in again.content.decode()

    def test_somebody_elses_opens_nothing(self) -> None:
        with_factor()
        other: User = UserFactory(username="zhao")
        TOTP.activate(other, SECRET)
        code = RecoveryCodes.activate(other).get_unused_codes()[0]
        client = at_second_step()
        assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
        assert client.get("/inbox/").status_code == 302

    def test_they_are_not_kept_in_the_clear(self) -> None:
        code = RecoveryCodes.activate(with_factor()).get_unused_codes()[0]
        kept = Authenticator.objects.get(type="recovery_codes")
        assert code not in str(kept.data)

    def test_a_code_of_the_app_counts_once(self) -> None:
        with_factor()
        code = code_now()
        assert at_second_step().post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
        assert at_second_step().post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200

    def test_guessing_is_stopped(self) -> None:
        with_factor()
        client = at_second_step()
        answers = [client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}) for n in range(12)]
        assert "没有通过验证" in answers[0].content.decode()
        late = answers[-1]
        assert late.status_code == 429 or "没有通过验证" not in late.content.decode()


class TestTakingAway:
    def test_everything_ends_and_the_password_opens_the_way_to_a_new_one(self, settings: object) -> None:
        settings.MFA_REQUIRED = True  # type: ignore[attr-defined]  # the fixture of pytest-django
        user = with_factor()
        RecoveryCodes.activate(user)
        token = {"Authorization": f"Token {token_for(user)}"}
        reset_second_factor(actor=person("security_admin"), at=AT, user=user, reason="手机遗失")
        assert not Authenticator.objects.filter(user=user).exists()
        assert Client().get("/api/v1/messages/", headers=token).status_code == 401
        client = Client()
        client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
        assert client.get("/inbox/")["Location"] == "/accounts/2fa/"
        entry = AuditEntry.objects.get(action="user.reset_second_factor")
        assert (entry.reason, entry.before["factors"]) == ("手机遗失", ["totp", "recovery_codes"])

    @pytest.mark.parametrize("role", ["system_admin", "audit_admin", "commander", "publisher"])
    def test_nobody_else_does_it(self, role: str) -> None:
        user: User = UserFactory(username="zhao")
        TOTP.activate(user, SECRET)
        with pytest.raises(PermissionRefused):
            reset_second_factor(actor=person(role), at=AT, user=user, reason="试")
        assert Authenticator.objects.exists()

    def test_ones_own_is_another_administrators(self) -> None:
        own = person("security_admin")
        TOTP.activate(own, SECRET)
        with pytest.raises(PermissionRefused):
            reset_second_factor(actor=own, at=AT, user=own, reason="试")

    def test_without_a_reason_or_a_factor_nothing_happens(self) -> None:
        admin, user = person("security_admin"), with_factor()
        with pytest.raises(InvalidInput):
            reset_second_factor(actor=admin, at=AT, user=user, reason=" ")
        with pytest.raises(StateConflict):
            reset_second_factor(actor=admin, at=AT, user=person("viewer"), reason="试")

    def test_an_identity_of_the_city_is_tied_anew(self) -> None:
        user = with_factor()
        SocialAccount.objects.create(user=user, provider="city", uid="s-1")
        unbind_identity(actor=person("security_admin"), at=AT, user=user, reason="换号")
        assert not SocialAccount.objects.exists()
        with pytest.raises(StateConflict):
            unbind_identity(actor=person("security_admin"), at=AT, user=user, reason="换号")


class TestActingAsSomebodyElse:
    @pytest.mark.parametrize("role", ["audit_admin", "security_admin"])
    def test_the_system_administrator_gives_no_password_to_become_another_administrator(
        self, role: str
    ) -> None:
        user = person(role)
        with pytest.raises(PermissionRefused):
            reset_password(actor=person("system_admin"), at=AT, user=user, password=NEW, reason="忘记")
        TOTP.activate(user, SECRET)
        reset_password(actor=person("system_admin"), at=AT, user=user, password=NEW, reason="忘记")

    def test_whoever_disables_needs_the_right_and_a_reason_and_spares_himself(self) -> None:
        admin, user = person("security_admin"), person("editor")
        for role in ("system_admin", "audit_admin"):
            with pytest.raises(PermissionRefused):
                disable_account(actor=person(role), at=AT, user=user, reason="离岗")
        for who, reason in ((user, " "), (admin, "离岗")):
            with pytest.raises(InvalidInput):
                disable_account(actor=admin, at=AT, user=who, reason=reason)
        assert not disable_account(actor=admin, at=AT, user=user, reason="离岗").is_active
