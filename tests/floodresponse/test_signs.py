"""Signs on the ground: seen by staff, confirmed and withdrawn by the command post, never setting a level."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from floodresponse.assessing import assess
from floodresponse.models import SignObservation
from floodresponse.services import confirm_sign
from foundation.models import AuditEntry
from tests.accounts import browser_of, person
from tests.floodresponse.city import Phone, department, make_plan

pytestmark = pytest.mark.django_db
PAGE = "/flood/signs/"


def filled_in(**values: str) -> dict[str, str]:
    when = f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%dT%H:%M}"
    return {"code": "road_cut", "place": "柳桥下", "observed_at": when, "note": "水深过膝", **values}


def seen(**values: object) -> SignObservation:
    now = timezone.now()
    given = {"code": "road_cut", "place": "柳桥下", "observed_at": now, "confirmed_at": now, **values}
    return SignObservation.objects.create(confirmed_by=person("duty_officer"), **given)


def test_the_duty_officer_confirms_and_ends_a_sign_in_the_browser() -> None:
    make_plan()
    browser = browser_of("duty_officer")
    assert browser.post(PAGE, filled_in())["Location"] == PAGE
    sign = SignObservation.objects.get()
    page = browser.get(PAGE).content.decode()
    assert "主干道中断" in page and "柳桥下" in page and "持续中" in page
    assert assess(timezone.now()).level is None
    browser.post(f"{PAGE}{sign.pk}/end/")
    sign.refresh_from_db()
    assert sign.ended_at is not None
    assert "已经解除" in browser.post(f"{PAGE}{sign.pk}/end/", follow=True).content.decode()
    done = AuditEntry.objects.filter(action__startswith="flood_sign").order_by("sequence")
    assert [entry.action for entry in done] == ["flood_sign.confirm", "flood_sign.end"]


def street_officer(name: str) -> Phone:
    return Phone("duty_officer", department(name))


def test_a_street_ends_what_it_confirmed_and_nothing_that_others_did() -> None:
    make_plan()
    east, west = street_officer("东街街道"), street_officer("西街街道")
    now = timezone.now()
    assert east.user is not None
    of_office = seen()
    own = confirm_sign(actor=east.user, at=now, code="road_cut", place="东街口", observed_at=now)
    refused = east.post(f"signs/{of_office.pk}/end/", {}, 403)
    assert "防涝办值班员和指挥长" in refused["detail"]
    west.post(f"signs/{own.pk}/end/", {}, 403)
    client = Client()
    client.force_login(east.user)
    page = client.get(PAGE).content.decode()
    assert f"{PAGE}{own.pk}/end/" in page and f"{PAGE}{of_office.pk}/end/" not in page
    east.post(f"signs/{own.pk}/end/", {}, 200)
    ended = SignObservation.objects.exclude(ended_at=None)
    assert [sign.pk for sign in ended] == [own.pk]


def test_the_office_ends_what_a_street_confirmed() -> None:
    make_plan()
    east, now = street_officer("东街街道"), timezone.now()
    assert east.user is not None
    sign = confirm_sign(actor=east.user, at=now, code="road_cut", place="东街口", observed_at=now)
    Phone("commander").post(f"signs/{sign.pk}/end/", {}, 200)
    sign.refresh_from_db()
    assert sign.ended_at is not None


class TestInWhichStreet:
    def sign(self, **more: str) -> dict[str, str]:
        return {"code": "jam", "place": "北街", "observed_at": timezone.now().isoformat(), **more}

    def test_a_street_confirms_in_its_own_and_in_no_other(self) -> None:
        make_plan()
        east = street_officer("东街街道")
        assert "本街道" in east.post("signs/", self.sign(street="西街街道"), 403)["detail"]
        assert not SignObservation.objects.exists()
        assert east.post("signs/", self.sign(street="东街街道"), 201)["street"] == "东街街道"
        assert east.post("signs/", self.sign(), 201)["street"] == "东街街道"

    @pytest.mark.parametrize("role", ["duty_officer", "commander"])
    def test_office_and_commander_confirm_everywhere(self, role: str) -> None:
        make_plan()
        assert Phone(role).post("signs/", self.sign(street="西街街道"), 201)["street"] == "西街街道"
        assert Phone(role).post("signs/", self.sign(), 201)["street"] is None

    def test_a_bureau_works_in_the_whole_city(self) -> None:
        make_plan()
        bureau = Phone("duty_officer", department("排水局"))
        assert bureau.post("signs/", self.sign(street="西街街道"), 201)["street"] == "西街街道"

    def test_who_belongs_to_two_streets_says_which(self) -> None:
        make_plan()
        both = street_officer("东街街道")
        assert both.user is not None
        both.user.assignments.create(role="duty_officer", department=department("西街街道"))
        both.post("signs/", self.sign(), 403)
        assert both.post("signs/", self.sign(street="西街街道"), 201)["street"] == "西街街道"

    def test_the_page_offers_a_street_its_own_alone(self) -> None:
        make_plan()
        client, east = Client(), street_officer("东街街道").user
        assert east is not None
        client.force_login(east)
        form = client.get(PAGE).context["form"]
        assert [label for _, label in form.fields["street"].choices] == ["东街街道"]
        other = str(department("西街街道").pk)
        assert client.post(PAGE, filled_in(street=other)).status_code == 400
        assert client.post(PAGE, filled_in()).status_code == 302
        assert SignObservation.objects.get().street == department("东街街道")
        assert "东街街道" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"place": " "}, "必填"),
        ({"code": "flying"}, "flying"),
        ({"observed_at": "2099-01-01T08:00"}, "晚于现在"),
    ],
)
def test_what_cannot_be_kept_is_named_and_the_rest_stays(values: dict[str, str], sentence: str) -> None:
    make_plan()
    answer = browser_of("duty_officer").post(PAGE, filled_in(**values))
    assert answer.status_code == 400
    assert sentence in answer.content.decode() and "水深过膝" in answer.content.decode()
    assert not SignObservation.objects.exists()


def test_ended_signs_can_be_asked_for_apart() -> None:
    make_plan()
    seen(place="东桥")
    seen(place="西桥", ended_at=timezone.now())
    browser = browser_of("viewer")
    lasting, over = (browser.get(PAGE, {"state": state}).content.decode() for state in ("on", "over"))
    assert ("东桥" in lasting, "西桥" in lasting) == (True, False)
    assert ("东桥" in over, "西桥" in over) == (False, True)


def test_without_any_the_page_says_what_would_stand_there() -> None:
    assert "没有旁证" in browser_of("viewer").get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("anonymous", 302, 302),
        (None, 403, 403),
        ("viewer", 200, 403),
        ("editor", 200, 403),
        ("department_officer", 200, 403),
        ("duty_officer", 200, 302),
        ("commander", 200, 302),
    ],
)
def test_who_sees_and_who_confirms(role: str | None, reads: int, writes: int) -> None:
    make_plan()
    browser = browser_of(role)
    assert (browser.get(PAGE).status_code, browser.post(PAGE, filled_in()).status_code) == (reads, writes)
    assert SignObservation.objects.exists() == (role in ("duty_officer", "commander"))


class TestTheInterface:
    def test_a_sign_is_taken_in_listed_and_ended_once(self) -> None:
        phone = Phone("duty_officer")
        made = phone.post(
            "signs/", {"code": "jam", "place": "北街", "observed_at": timezone.now().isoformat()}
        )
        assert (made["code"], made["ended_at"]) == ("jam", None)
        assert phone.post(f"signs/{made['id']}/end/", status=200)["ended_at"]
        phone.post(f"signs/{made['id']}/end/", status=409)
        assert [row["id"] for row in Phone("viewer").get("signs/")["results"]] == [made["id"]]

    @pytest.mark.parametrize(
        "wrong", [{"code": "flying"}, {"place": ""}, {"observed_at": "2099-01-01T08:00:00+08:00"}]
    )
    def test_what_is_wrong_is_named(self, wrong: dict[str, str]) -> None:
        good = {"code": "jam", "place": "北街", "observed_at": timezone.now().isoformat()}
        answer = Phone("duty_officer").post("signs/", {**good, **wrong}, status=400)
        assert set(answer) >= set(wrong)

    @pytest.mark.parametrize(
        ("role", "reads", "writes", "ends"),
        [
            ("anonymous", 401, 401, 401),
            (None, 403, 403, 404),
            ("viewer", 200, 403, 403),
            ("department_officer", 200, 403, 403),
            ("commander", 200, 201, 200),
        ],
    )
    def test_who_may(self, role: str | None, reads: int, writes: int, ends: int) -> None:
        sign, phone = seen(), Phone(role)
        phone.get("signs/", status=reads)
        given = {"code": "jam", "place": "北街", "observed_at": timezone.now().isoformat()}
        phone.post("signs/", given, status=writes)
        phone.post(f"signs/{sign.pk}/end/", status=ends)
