"""The portal as deploy/ has it, on one machine: two of each program, nginx, PostgreSQL, Redis with AOF."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.zalantun.portal import ROOT, database_of, script, spare_port, wait_for

PROGRAMS = script("programs")
HOST = "gazette.example.cn"
DROPPED = {"DJANGO_SETTINGS_MODULE", "PORTAL_INSTANCE", "TEST_ROOT", "SECRET_KEY"}
START_SECONDS = 300
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


class Cluster:
    """Processes by name: ``web-1 web-2 worker-1 worker-2 beat-1 beat-2 nginx``."""

    def __init__(self, folder: Path, broker_url: str) -> None:
        self.folder, self.data_dir = folder, folder / "data"
        self.ports = {"web-1": spare_port(), "web-2": spare_port()}
        self.port, self.plain_port = spare_port(), spare_port()
        self.database_url = database_of(self.data_dir)
        self.environment = {key: value for key, value in os.environ.items() if key not in DROPPED} | {
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "CELERY_BROKER_URL": broker_url,
            "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": HOST,
            "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
            "HTTPS": "true",
            "TRUSTED_PROXIES": "1",
            "MFA_REQUIRED": "false",
            "HEARTBEAT_SECONDS": "1",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """What zalantun-prepare does, and the people to try it with."""
        script("place").make_folders(self.data_dir)
        subprocess.run(
            [sys.executable, "manage.py", "prepare_start"],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=300,
        )  # fmt: skip

    def start(self, *names: str) -> None:
        """Start these without waiting."""
        for name in names:
            self._start(name, self._command(name))

    def wait_until_ready(self) -> None:
        """Until the portal answers through the proxy and says that all its parts are well."""

        def well() -> bool | None:
            for name, process in self.processes.items():
                assert process.poll() is None, self.log(name)
            with suppress(requests.RequestException):
                if self.session().get(self.address("/healthz"), timeout=5).status_code == 200:
                    return True
            return None

        wait_for("healthy portal behind the proxy", well, seconds=START_SECONDS)

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=script("processes").die_with_parent,
            )

    def _command(self, name: str) -> list[str]:
        kind = name.partition("-")[0]
        if kind == "nginx":
            return [str(NGINX), "-p", str(self.folder), "-c", str(self._proxy()), "-g", "daemon off;"]
        if kind == "web":
            program = PROGRAMS.web(
                host="127.0.0.1", port=self.ports[name], workers=1, threads=4, measurements=self.folder
            )
        elif kind == "beat":
            # Two beats stand for two machines: each keeps its own last runs.
            return [sys.executable, *PROGRAMS.beat().command, "--schedule", str(self.folder / name)]
        else:
            queues = "default,documents,outbound"
            program = PROGRAMS.worker(name, queue=queues, concurrency=1)
        return [sys.executable, *(f"{name}@%h" if part.endswith("@%h") else part for part in program.command)]

    def _proxy(self) -> Path:
        """deploy/nginx.conf itself, with this test's ports and certificate; as any user may run it."""
        certificate(self.folder)
        given = (ROOT / "deploy" / "nginx.conf").read_text()
        changed = given
        for written, port in zip((8000, 8001), self.ports.values(), strict=True):
            assert f"server 127.0.0.1:{written} " in given
            changed = changed.replace(f"server 127.0.0.1:{written} ", f"server 127.0.0.1:{port} ")
        changed = re.sub(r" *listen \[::\].*\n", "", changed)
        changed = changed.replace("listen 80;", f"listen 127.0.0.1:{self.plain_port};")
        changed = changed.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;")
        changed = changed.replace("/etc/ssl/zalantun", str(self.folder / "zalantun"))
        # A test has not the patience of an operator.
        changed = changed.replace("client_header_timeout 15s", "client_header_timeout 2s")
        changed = changed.replace("client_body_timeout 60s", "client_body_timeout 2s")
        kept = "".join(
            f"{name}_temp_path {self.folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        outer = (
            f"pid {self.folder}/nginx.pid;\nerror_log stderr warn;\nevents {{ worker_connections 512; }}\n"
        )
        file = self.folder / "nginx.conf"
        file.write_text(f"{outer}http {{\naccess_log off;\n{kept}{changed}\n}}\n")
        return file

    def address(self, path: str) -> str:
        """On the proxy, by TLS."""
        return f"https://127.0.0.1:{self.port}{path}"

    def session(self) -> requests.Session:
        """A browser of its own, which takes this test's certificate."""
        session = requests.Session()
        session.verify = False
        session.trust_env = False  # which may name another authority
        session.headers.update({"Host": HOST, "Referer": f"https://{HOST}/"})
        return session

    def sign_in(self, role: str, department: str = "") -> requests.Session:
        """As one of the people to try it with."""
        name, password = self.account(role, department)
        session = self.session()
        login = self.address("/accounts/login/")
        session.get(login, timeout=30).raise_for_status()
        form = {"login": name, "password": password, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
        answer = session.post(login, form, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.text[:2000]
        session.headers["X-CSRFToken"] = session.cookies["csrftoken"]
        return session

    def account(self, role: str, department: str = "") -> tuple[str, str]:
        """Name and password from the file that the portal made."""
        for line in (self.data_dir / "demo-accounts.txt").read_text().splitlines():
            name, password, its_role, its_department = line.split("\t")
            if its_role == role and department in its_department:
                return name, password
        raise AssertionError(f"no account for {role} {department}")

    def restart(self, name: str) -> None:
        """As `systemctl restart` does: end it, start it, wait until it answers."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        self.start(name)
        wait = [sys.executable, "deploy/await_web.py", str(self.ports[name])]
        subprocess.run(wait, cwd=ROOT, check=True, timeout=120)

    def kill(self, *names: str) -> None:
        """kill -9, with all that belongs to each; all at once, as a power cut does."""
        groups = [self.processes.pop(name) for name in names]
        for process in groups:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in groups:
            process.wait(timeout=30)

    def log(self, name: str) -> str:
        """What it printed last, for a test that fails."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def end(self) -> None:
        """End all of them."""
        self.kill(*self.processes)


def certificate(folder: Path) -> None:
    """A certificate that nobody else vouches for."""
    if (folder / "zalantun.crt").exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        made.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "zalantun.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "zalantun.key").write_bytes(secret)


def trusting() -> ssl.SSLContext:
    """For connections by hand."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
