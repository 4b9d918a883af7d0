"""Accounts of gauge networks: they hand in readings of their own stations and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from floodresponse.models import NetworkAccount, Reading
from floodresponse.services.networks import untie_from_network
from foundation.errors import InvalidInput
from foundation.models import AuditEntry
from organizations.models import Role
from tests.accounts import browser_of, person
from tests.factories import UserFactory
from tests.floodresponse.city import Phone, gauge, low_spot, row

pytestmark = pytest.mark.django_db
HYDRO, URBAN = "水文站网", "城区站网"


def tied(phone: Phone, network: str = HYDRO) -> Phone:
    assert phone.user is not None
    call_command("tie_to_network", phone.user.username, network, stdout=StringIO())
    return phone


@pytest.mark.parametrize("role", [None, "viewer", "duty_officer", "commander"])
def test_an_account_reports_its_own_network_and_is_refused_others_by_name(role: str | None) -> None:
    own, other = gauge("R1", network=HYDRO), gauge("R2", network=URBAN)
    loose, now = low_spot("P1"), timezone.now()
    answer = tied(Phone(role)).post(
        "readings/",
        [row(own, now, 1), row(other, now, 2), row(loose, now, 3), {**row(own, now, 1), "station": "R9"}],
    )
    assert answer["accepted"] == 1
    assert [(refusal["index"], refusal["error"]) for refusal in answer["rejected"]] == [
        (1, f"站点“R2”不属于站网“{HYDRO}”，本账号不能报送。"),
        (2, f"站点“P1”不属于站网“{HYDRO}”，本账号不能报送。"),
        (3, "站点“R9”未登记。"),
    ]
    assert [reading.station for reading in Reading.objects.select_related("station")] == [own]


def test_another_networks_value_is_not_corrected_either() -> None:
    station, now = gauge("R2", network=URBAN), timezone.now()
    gauge("R1", network=HYDRO)
    Phone("duty_officer").post("readings/", [row(station, now, 1)])
    answer = tied(Phone(None)).post("readings/", [row(station, now, 9)])
    assert (answer["accepted"], len(answer["rejected"])) == (0, 1)
    assert Reading.objects.get().value == 1


def test_it_opens_nothing_else() -> None:
    gauge("R1", network=HYDRO)
    phone = tied(Phone(None))
    for path in ("stations/", "assessment/", "responses/", "incidents/", "obligations/"):
        phone.get(path, status=403)
    phone.post("responses/", {"level": "IV"}, status=403)


@pytest.mark.parametrize("role", [None, *Role.values])
def test_without_a_network_only_the_command_post_enters(role: str | None) -> None:
    status = 201 if role in {"duty_officer", "commander"} else 403
    Phone(role).post("readings/", [row(gauge("R1", network=HYDRO), timezone.now(), 1)], status=status)


def test_moved_to_another_network_and_untied_on_record() -> None:
    first, second = gauge("R1", network=HYDRO), gauge("R2", network=URBAN)
    phone, now = tied(Phone(None)), timezone.now()
    tied(phone, URBAN)
    rows = [row(first, now, 1), row(second, now, 1)]
    assert [refusal["index"] for refusal in phone.post("readings/", rows)["rejected"]] == [0]
    assert phone.user is not None
    call_command("untie_from_network", phone.user.username, reason="更换服务商")
    phone.post("readings/", [row(second, now - timedelta(minutes=5), 1)], status=403)
    changes = AuditEntry.objects.filter(action__startswith="gauge_network.").order_by("sequence")
    assert [(entry.action, entry.before, entry.after, entry.reason) for entry in changes] == [
        ("gauge_network.tie", {}, {"network": HYDRO}, ""),
        ("gauge_network.tie", {"network": HYDRO}, {"network": URBAN}, ""),
        ("gauge_network.untie", {"network": URBAN}, {}, "更换服务商"),
    ]


@pytest.mark.parametrize(
    ("username", "network", "words"),
    [("nobody", HYDRO, "没有账号“nobody”"), ("p-None-", "乙网", "没有站网“乙网”"), ("p-None-", " ", HYDRO)],
)
def test_what_is_not_there_is_a_sentence(
    capsys: pytest.CaptureFixture[str], username: str, network: str, words: str
) -> None:
    gauge("R1", network=HYDRO)
    Phone(None)
    with pytest.raises(SystemExit) as stopped:
        call_command("tie_to_network", username, network)
    err = capsys.readouterr().err
    assert stopped.value.code == 1
    assert words in err and err.count("\n") == 1
    assert not NetworkAccount.objects.exists()


def test_tied_twice_or_not_at_all_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    gauge("R1", network=HYDRO)
    phone = tied(Phone(None))
    with pytest.raises(SystemExit):
        tied(phone)
    assert "已经登记在站网" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("untie_from_network", Phone("viewer").user.username, reason="停用")  # type: ignore[union-attr]  # has one
    assert "没有登记" in capsys.readouterr().err


@pytest.mark.parametrize("reason", ["", "  "])
def test_nobody_is_untied_without_a_reason(reason: str) -> None:
    gauge("R1", network=HYDRO)
    tied(Phone(None))
    account = NetworkAccount.objects.get()
    with pytest.raises(InvalidInput, match="请写明注销站网账号的理由"):
        untie_from_network(actor=None, at=timezone.now(), username=account.user.username, reason=reason)
    assert NetworkAccount.objects.get() == account
    assert not AuditEntry.objects.filter(action="gauge_network.untie").exists()


class TestInTheAdmin:
    ADD = "/admin/floodresponse/networkaccount/add/"

    def test_the_security_administrator_ties_and_unties(self) -> None:
        gauge("R1", network=HYDRO)
        user, admin = UserFactory(username="gauges"), browser_of("security_admin")
        assert admin.post(self.ADD, {"user": user.pk, "network": HYDRO}).status_code == 302
        account = NetworkAccount.objects.get()
        assert (account.user, account.network) == (user, HYDRO)
        refused = admin.post(self.ADD, {"user": UserFactory().pk, "network": "乙网"})
        assert refused.status_code == 400 and "没有站网“乙网”" in refused.content.decode()
        admin.post(
            f"/admin/floodresponse/networkaccount/{account.pk}/delete/", {"post": "yes", "reason": "停用"}
        )
        assert not NetworkAccount.objects.exists()
        assert AuditEntry.objects.get(action="gauge_network.untie").reason == "停用"

    def test_the_security_administrator_does_not_become_a_gauge(self) -> None:
        gauge("R1", network=HYDRO)
        admin = person("security_admin")
        answer = browser_of("security_admin").post(self.ADD, {"user": admin.pk, "network": HYDRO})
        assert answer.status_code == 403 and "自己的账号" in answer.content.decode()
        assert not NetworkAccount.objects.exists()

    @pytest.mark.parametrize("role", ["editor", "system_admin", "audit_admin", "duty_officer", None])
    def test_nobody_else(self, role: str | None) -> None:
        gauge("R1", network=HYDRO)
        sent = {"user": UserFactory(username="gauges").pk, "network": HYDRO}
        assert browser_of(role).post(self.ADD, sent).status_code in {302, 403}
        assert not NetworkAccount.objects.exists()
