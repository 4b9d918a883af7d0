"""A warning that comes as a CAP file: read into the form, looked at by a person, taken in once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from floodresponse.cap import ALERT, Alert, cap_xml
from floodresponse.models import CommandPostMember, FloodWarning
from floodresponse.warnings.capfile import LARGEST, CapFile, read_cap
from foundation.errors import InvalidInput
from organizations.models import User
from tests.factories import DepartmentFactory, UserFactory
from tests.floodresponse.city import make_plan

PAGE, NEW = "/flood/warnings/new/file/", "/flood/warnings/new/"
SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>15210041600000_20230726070200</identifier><sender>met@example.org</sender>
<sent>2023-07-26T15:02:00+08:00</sent><status>{status}</status><msgType>{message}</msgType><scope>Public</scope>
{english}<info><language>zh-CN</language><category>Met</category><event>{event}</event>
<urgency>Expected</urgency><severity>{severity}</severity><certainty>Likely</certainty>
<effective>2023-07-26T15:00:00+08:00</effective><expires>{expires}</expires>
<senderName>青河市气象局</senderName><headline>{headline}</headline>
<description>预计未来 6 小时降雨 50 毫米以上。</description><instruction>请注意防范。</instruction>
{parameter}<area><areaDesc>青河市</areaDesc></area></info></alert>"""
USUAL = {
    "status": "Actual",
    "message": "Alert",
    "english": "",
    "event": "暴雨",
    "severity": "Moderate",
    "expires": "2023-07-26T21:00:00+08:00",
    "headline": "气象局发布暴雨预警",
    "parameter": "",
}


def sample(**values: str) -> bytes:
    return SAMPLE.format(**(USUAL | values)).encode()


def read(**values: str) -> CapFile:
    return read_cap(sample(**values))


class TestReading:
    def test_what_it_says_is_read(self) -> None:
        found = read()
        assert (found.kind, found.colour, found.sender) == ("rainstorm", 3, "青河市气象局")
        assert found.text.splitlines()[0] == "气象局发布暴雨预警"
        assert found.text.splitlines()[-1] == "请注意防范。"
        assert found.valid_from == datetime(2023, 7, 26, 7, tzinfo=UTC)
        assert found.valid_to == datetime(2023, 7, 26, 13, tzinfo=UTC)
        assert (found.exercise, found.update) == (False, False)

    @pytest.mark.parametrize(
        ("severity", "colour"),
        [("Extreme", 1), ("Severe", 2), ("Moderate", 3), ("Minor", 4), ("Unknown", None)],
    )
    def test_without_a_word_the_severity_is_the_colour(self, severity: str, colour: int | None) -> None:
        assert read(severity=severity).colour == colour

    def test_the_colour_that_is_named_comes_before_the_severity(self) -> None:
        assert read(headline="暴雨橙色预警").colour == 2
        parameter = "<parameter><valueName>ColorCode</valueName><value>Red</value></parameter>"
        assert read(parameter=parameter).colour == 1

    @pytest.mark.parametrize(
        ("event", "kind"),
        [
            ("山洪灾害", "river"),
            ("地质灾害气象风险", "geological"),
            ("雷暴大风", "convection"),
            ("大雾", "other"),
        ],
    )
    def test_the_event_is_the_kind(self, event: str, kind: str) -> None:
        assert read(event=event, headline="发布预警").kind == kind

    def test_the_chinese_part_is_read_wherever_it_stands(self) -> None:
        english = "<info><language>en-US</language><event>Rain</event><headline>Heavy rain</headline></info>"
        assert "Heavy" not in read(english=english).text

    def test_a_drill_and_an_update_say_so_and_a_moment_without_offset_is_left_out(self) -> None:
        found = read(status="Exercise", message="Update", expires="2023-07-26T21:00:00")
        assert (found.exercise, found.update, found.valid_to) == (True, True, None)

    def test_what_the_portal_issues_itself_can_be_read_back(self) -> None:
        moment = datetime(2023, 7, 26, 7, tzinfo=UTC)
        alert = Alert(
            identifier="A-1", sender="x@y", sent=moment, message_type=ALERT, level=2, measured=True,
            exercise=False, sender_name="指挥部", headline="启动内涝响应", description="甲", instruction="乙",
            area="全市",
        )  # fmt: skip
        found = read_cap(cap_xml(alert).encode())
        assert (found.kind, found.colour, found.valid_from) == ("waterlogging", 2, moment)

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "不是完整的 XML"),
            (b"<alert>", "不是完整的 XML"),
            (b"<alert/>", "不是 CAP 1.2"),
            (sample(status="Test"), "测试或草稿"),
            (sample(message="Cancel"), "解除"),
            (sample().replace(b"<identifier>15210041600000_20230726070200</identifier>", b""), "编号"),
            (b" " * (LARGEST + 1), "超过 512 KB"),
        ],
    )
    def test_what_is_no_warning_is_refused_in_words(self, data: bytes, words: str) -> None:
        with pytest.raises(InvalidInput, match=words):
            read_cap(data)

    @pytest.mark.parametrize("moment", ["", "明天", "2023-07-26T21:00:00", "9999-12-31T23:59:59-11:00"])
    def test_a_moment_that_cannot_be_read_is_left_for_the_person(self, moment: str) -> None:
        assert read(expires=moment).valid_to is None

    def test_entities_neither_grow_nor_reach_files(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("机密", encoding="utf-8")
        body = sample(headline="&amp;x;").replace(b"&amp;x;", b"&x;").split(b"?>", 1)[1]
        for definition in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', '<!ENTITY x "lol">'):
            with pytest.raises(InvalidInput, match="文档类型"):
                read_cap(f"<!DOCTYPE alert [{definition}]>".encode() + body)


@pytest.mark.django_db
class TestInTheBrowser:
    @pytest.fixture
    def office(self) -> User:
        user: User = UserFactory(role="duty_officer", department=DepartmentFactory(kind="group"))
        return user

    def upload(self, client: Client, **values: str) -> Any:
        soon = timezone.now() + timedelta(hours=6)
        data = sample(**({"expires": f"{soon:%Y-%m-%dT%H:%M:%S}+00:00"} | values))
        return client.post(PAGE, {"file": SimpleUploadedFile("alert.xml", data, "application/xml")})

    def test_it_is_looked_at_then_taken_in_and_the_same_file_is_one_warning(
        self, client: Client, office: User
    ) -> None:
        bureau = DepartmentFactory(name="气象局", slug="qixiang")
        CommandPostMember.objects.create(
            plan=make_plan(), order=9, role="成员", printed_name="林某", unit=bureau
        )
        client.force_login(office)
        page = self.upload(client, headline="气象局发布暴雨橙色预警")
        assert page.status_code == 200
        assert "请核对后登记" in page.content.decode()
        assert not FloodWarning.objects.exists()
        form = page.context["form"]
        typed = {name: form[name].value() for name in ("kind", "colour", "text", "key")}
        typed |= {
            name: f"{timezone.localtime(form.initial[name]):%Y-%m-%dT%H:%M}"
            for name in ("valid_from", "valid_to")
        }
        for _ in range(2):
            assert client.post(NEW, {**typed, "issuer": form.initial["issuer"].pk}).status_code == 302
        warning = FloodWarning.objects.get()
        assert (warning.issuer, warning.colour, warning.kind) == (bureau, 2, "rainstorm")
        assert "已登记为" in self.upload(client).content.decode()

    def test_a_file_that_is_none_is_told_beside_the_field(self, client: Client, office: User) -> None:
        client.force_login(office)
        refused = client.post(PAGE, {"file": SimpleUploadedFile("a.xml", b"<html/>")})
        assert refused.status_code == 400
        assert "不是 CAP 1.2" in refused.content.decode()
        assert client.post(PAGE).status_code == 400

    def test_who_may_not_enter_a_warning_reads_no_file(self, client: Client) -> None:
        client.force_login(UserFactory(role="viewer"))
        assert client.get(PAGE).status_code == 403
