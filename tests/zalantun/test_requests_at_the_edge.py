"""Requests with bad intentions: paths out of the folder, ways off the site, headers in names, sizes."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events.models import Event
from foundation.filenames import clean_name
from foundation.filetypes import PDF
from tests.accounts import browser_of, person, token_for
from tests.factories import DirectiveFactory, EventFactory, TaskFactory, TaskListFactory
from tests.zalantun.everypage import Made, address_of, routes

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x",
    "\t//evil.example",
    "/%09/evil.example", "https://testserver@evil.example/", "//evil.example\\@testserver/", " https://evil.example",
)  # fmt: skip
OUTSIDE = (
    "../secret-key", "..%2fsecret-key", "%2e%2e/secret-key", "%2e%2e%2fsecret-key", "..%5csecret-key",
    "..\\secret-key",
    "....//secret-key", "%252e%252e%252fsecret-key", "..%c0%afsecret-key", "../../../../etc/passwd",
    "%00secret-key", "/etc/passwd", "x/../../secret-key",
)  # fmt: skip
SPLIT = "x\r\nSet-Cookie: stolen=1\r\n\r\n<html>"


def off_site(location: str) -> bool:
    """Whether a browser would leave: it reads a backslash as a slash and skips what is below a space."""
    read = re.sub(r"[\x00-\x20]", "", location).replace("\\", "/")
    return bool(re.match(r"([a-z][a-z0-9+.-]*:|//)", read, re.I)) and not read.startswith(
        "http://testserver/"
    )


class TestPathsOutOfTheFolder:
    @pytest.fixture(autouse=True)
    def secret(self, tmp_path: Path, settings: Any) -> None:
        settings.DATA_DIR = tmp_path
        (tmp_path / "audit").mkdir()
        (tmp_path / "secret-key").write_text("very-secret-key")

    @pytest.mark.parametrize("outside", OUTSIDE)
    @pytest.mark.parametrize(
        "folder",
        [
            "/static/",
            "/files/00000000-0000-4000-8000-000000000000/",
            "/audit/files/audit-",
            "/flood/cap/",
            "/events/",
        ],
    )
    def test_lead_nowhere(self, folder: str, outside: str) -> None:
        client = browser_of("audit_admin")
        client.raise_request_exception = False
        answer = client.get(f"{folder}{outside}", follow=True)
        assert answer.status_code in (400, 404), answer.status_code
        body = answer.getvalue()
        assert b"very-secret-key" not in body
        assert b"root:" not in body

    @pytest.mark.parametrize(
        "name",
        [
            "../../etc/passwd",
            "..\\..\\a.pdf",
            "/etc/passwd",
            "a\0b.pdf",
            "\u202efdp.exe",
            ".htaccess",
            "con\r\nX: y.pdf",
        ],
    )
    def test_names_of_uploads_hold_no_path_and_no_line(self, name: str) -> None:
        cleaned = clean_name(name, PDF)
        assert not re.search(r"[/\\\x00-\x1f\u202e]", cleaned)
        assert cleaned.endswith(".pdf")
        assert not cleaned.startswith(".")


class TestWaysOffTheSite:
    @pytest.mark.parametrize("way", ELSEWHERE)
    def test_after_signing_in_and_out(self, way: str) -> None:
        user = person("viewer")
        user.set_password("Strong-pass-2023")
        user.save()
        client = Client()
        form = {"login": user.username, "password": "Strong-pass-2023", "next": way}
        answer = client.post("/accounts/login/", form)
        assert answer.status_code == 302
        assert not off_site(answer["Location"])
        assert not off_site(client.get("/accounts/login/", {"next": way}).headers.get("Location", ""))
        answer = client.post("/accounts/logout/", {"next": way})
        assert answer.status_code == 302
        assert not off_site(answer["Location"])

    @pytest.mark.parametrize("way", ELSEWHERE)
    def test_after_a_step(self, way: str) -> None:
        task = TaskFactory(task_list=TaskListFactory(state="issued"), state="issued")
        client = browser_of("supervisor")
        for address in ("/larger-text/", f"/tasks/{task.pk}/comment/", f"/tasks/{task.pk}/urge/"):
            for sent in ({"next": way, "way": way, "on": "1", "text": "请抓紧", "reason": "请抓紧"},):
                answer = client.post(address, sent, headers={"Referer": way.strip()})
                assert answer.status_code < 500
                assert not off_site(answer.headers.get("Location", "")), address

    def test_no_address_leads_off_by_what_is_asked(self, made: Made) -> None:
        client = browser_of("supervisor")
        client.raise_request_exception = False
        asked = dict.fromkeys(
            ("next", "way", "url", "return", "redirect", "redirect_to", "from", "back"), "//evil.example/"
        )
        faults = []
        for name, held in routes():
            answer = client.get(address_of(name, held, made), asked)
            if off_site(answer.headers.get("Location", "")):
                faults.append(f"{name}: {answer['Location']}")
        assert faults == []

    def test_the_tables_see_what_a_browser_sees(self) -> None:
        assert all(off_site(way) for way in ("//e.x", "/\\e.x", "https://e.x", "javascript:x", "\t//e.x"))
        assert not any(off_site(way) for way in ("/a/", "", "?x=//e.x", "http://testserver/a"))


class TestHeadersInNames:
    def split(self, answer: Any) -> list[str]:
        """Headers that hold a line of their own, or cookies that were planted."""
        found = [name for name, value in answer.headers.items() if re.search(r"[\r\n]", str(value))]
        return found + [name for name in answer.cookies if name == "stolen"]

    def test_a_title_with_lines_and_quotes_names_a_file(self) -> None:
        directive = DirectiveFactory(title='通"知\r\nSet-Cookie: stolen=1\r\n\r\n；filename=x')
        for form in ("document.docx", "print.pdf"):
            answer = browser_of("viewer").get(f"/directives/{directive.pk}/{form}")
            assert answer.status_code == 200
            assert self.split(answer) == []
            assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize(
        "value", [f"{SPLIT}\u2028\u560d\u560aSet-Cookie: stolen=1", "%0d%0aSet-Cookie: stolen=1\0"]
    )
    def test_what_is_asked_stands_in_no_header(self, value: str, made: Made) -> None:
        client = browser_of("supervisor")
        client.raise_request_exception = False
        faults = []
        for name, held in routes():
            answer = client.get(
                address_of(name, held, made), {"q": value, "next": value, "sort": value, "page": value}
            )
            faults += [f"{name}: {part}" for part in self.split(answer)]
            if answer.status_code >= 500 and name != "healthz":
                faults.append(f"{name}: {answer.status_code}")
        assert faults == []

    @pytest.mark.parametrize("given", ["a\r\nX: y", "a b", "a" * 65, "<script>", "ключ", ""])
    def test_a_request_id_of_others_is_taken_only_when_harmless(self, given: str) -> None:
        answer = Client().get("/events/", headers={"X-Request-ID": given})
        assert answer["X-Request-ID"] != given
        assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])

    def test_the_host_is_not_taken_from_anybody(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["testserver"]
        client = Client(raise_request_exception=False)
        answer = client.get("/events/feed/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert b"evil.example" not in answer.content
        answer = client.get("/events/feed/", headers={"X-Forwarded-Host": "evil.example"})
        assert b"evil.example" not in answer.content


class TestHeadersOfStrangers:
    """What anybody can write into a request changes neither who asks, nor where, nor what is asked for."""

    @pytest.mark.parametrize(
        "name",
        [
            "X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host", "X-Forwarded-Server",
            "X-HTTP-Host-Override",
        ],
    )  # fmt: skip
    def test_no_address_in_an_answer_is_theirs(self, name: str) -> None:
        value = "host=evil.example" if name == "Forwarded" else "evil.example"
        for path in ("/events/feed/", "/flood/cap/", "/sitemap.xml", "/api/v1/events/", "/accounts/login/"):
            answer = Client().get(path, headers={name: value})
            assert answer.status_code == 200
            assert b"evil.example" not in answer.content, path
            assert not any("evil" in held for held in answer.headers.values()), path

    @pytest.mark.parametrize(
        "name", ["X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "X-Accel-Redirect"]
    )
    def test_no_other_page_is_opened(self, name: str) -> None:
        answer = browser_of("viewer").get("/events/", headers={name: "/audit/"})
        assert answer.status_code == 200
        assert "审计日志" not in answer.content.decode()

    @pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
    def test_no_other_method_is_carried_out(self, name: str) -> None:
        event = EventFactory()
        headers = {"Authorization": f"Token {token_for(person('editor'))}", name: "DELETE"}
        assert Client().get(f"/api/v1/events/{event.pk}/", headers=headers).status_code == 200
        assert Event.objects.filter(pk=event.pk).exists()

    @pytest.mark.parametrize(
        "headers",
        [
            {"Remote-User": "a-audit_admin"},
            {"X-Remote-User": "a-audit_admin"},
            {"X-Forwarded-User": "a-audit_admin"},
            {"Authorization": "Basic YS1hdWRpdF9hZG1pbjp4"},
            {"Authorization": "Token"},
            {"Authorization": "Token a b"},
            {"Authorization": "Token \udcff".encode("utf-8", "surrogateescape").decode("latin-1")},
            {"Authorization": "Bearer " + "a" * 9000},
        ],
    )
    def test_nobody_becomes_somebody(self, headers: dict[str, str]) -> None:
        person("audit_admin")
        assert Client().get("/audit/", headers=headers).status_code in (302, 401, 403)
        assert Client().get("/api/v1/tasks/", headers=headers).status_code in (401, 403)

    @pytest.mark.parametrize("given", ["http", "http, https", "ftp", ""])
    def test_cookies_stay_on_tls_whatever_they_say_of_it(self, settings: Any, given: str) -> None:
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        answer = Client().get("/accounts/login/", headers={"X-Forwarded-Proto": given})
        assert answer.status_code == 301
        assert answer["Location"].startswith("https://testserver/")
        assert not answer.cookies

    def test_a_header_without_end_is_answered(self) -> None:
        headers = {
            "Cookie": "sessionid=" + "a" * 100_000,
            "Accept-Language": "zh," * 20_000,
            "User-Agent": "x" * 50_000,
            "Referer": "http://testserver/" + "r" * 50_000,
            "If-None-Match": '"a",' * 10_000,
            "Accept": "text/html;q=0.1," * 5_000,
            "X-Forwarded-For": "10.0.0.1, " * 10_000,
            "Range": "bytes=" + "0-1," * 10_000,
        }
        for name, value in headers.items():
            for path in ("/events/", "/accounts/login/", "/api/v1/events/"):
                answer = Client(raise_request_exception=False).get(path, headers={name: value})
                assert answer.status_code < 500, (name, path)

    def test_a_browser_with_an_endless_name_signs_in_and_is_listed_in_short(self) -> None:
        user = person("viewer")
        user.set_password("Strong-pass-2023")
        user.save()
        client = Client(headers={"User-Agent": "x" * 5000})
        form = {"login": user.username, "password": "Strong-pass-2023"}
        assert client.post("/accounts/login/", form).status_code == 302
        assert "x" * 500 not in client.get("/accounts/security/").content.decode()


class TestSizes:
    def test_a_body_beyond_the_limit_is_refused(self) -> None:
        limit = portal.DATA_UPLOAD_MAX_MEMORY_SIZE
        headers = {"Authorization": f"Token {token_for(person('duty_officer'))}"}
        body = b'[{"station": "' + b"x" * limit + b'"}]'
        client = Client(raise_request_exception=False)
        answer = client.generic("POST", "/api/v1/flood/readings/", body, "application/json", headers=headers)
        assert answer.status_code in (400, 413)

    @pytest.mark.parametrize("over", [0, 1])
    def test_a_form_with_too_many_fields_is_refused(self, over: int) -> None:
        sent = {f"f{n}": "x" for n in range(portal.DATA_UPLOAD_MAX_NUMBER_FIELDS + over)}
        client = Client(raise_request_exception=False)
        answer = client.post("/accounts/login/", sent)
        assert answer.status_code == (400 if over else 200)

    def test_a_form_with_too_many_files_is_refused(self) -> None:
        sent = {f"f{n}": SimpleUploadedFile("a.txt", b"x") for n in range(101)}
        client = browser_of("editor")
        client.raise_request_exception = False
        assert client.post("/gazette/imports/new/", sent).status_code == 400

    def test_an_address_without_end_is_answered(self) -> None:
        client = Client(raise_request_exception=False)
        for path in ("/search/?q=" + "水" * 5000, "/events/?" + "a=1&" * 3000, "/" + "a/" * 2000):
            assert client.get(path).status_code < 500

    def test_a_form_that_breaks_off_is_refused(self) -> None:
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n# 2022'
        client = browser_of("editor")
        client.raise_request_exception = False
        for sent in (body, b"--x\r\n", b"", b"--x--", body.replace(b"form-data", b"")):
            answer = client.generic("POST", "/gazette/imports/new/", sent, "multipart/form-data; boundary=x")
            assert answer.status_code < 500
        answer = client.generic("POST", "/gazette/imports/new/", BytesIO(b"x").read(), "multipart/form-data")
        assert answer.status_code < 500
