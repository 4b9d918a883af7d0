"""Settings of the test run: the portal's own, in a folder that is thrown away.

``DATA_DIR`` is set before the portal's settings are read, so no test can write
into a real one. ``make test`` hands in ``TEST_ROOT`` (and removes it) and, for
the second pass, ``DATABASE_URL`` and ``CELERY_BROKER_URL``.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
if "TEST_ROOT" not in os.environ:
    os.environ["TEST_ROOT"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_ROOT"], ignore_errors=True)
os.environ["DATA_DIR"] = str(Path(os.environ["TEST_ROOT"]) / WORKER)
# Set, so that a developer's .env has no say.
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['DATA_DIR']}/portal.sqlite3")
os.environ.setdefault("CELERY_BROKER_URL", "filesystem://")
os.environ["SECRET_KEY"] = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
if os.environ["CELERY_BROKER_URL"].startswith("redis"):
    # One Redis database per test process: a test may empty its own. The number that the process above
    # has chosen for itself comes along in the environment and is replaced.
    number = int(WORKER.removeprefix("gw")) if WORKER.startswith("gw") else 15
    server = "/".join(os.environ["CELERY_BROKER_URL"].split("/")[:3])
    os.environ["CELERY_BROKER_URL"] = f"{server}/{number}"

from zalantun.settings import *  # noqa: E402, F403
from zalantun.settings import DATA_DIR, DATABASES, REST_FRAMEWORK, STORAGES  # noqa: E402

DATA_DIR.mkdir(parents=True, exist_ok=True)

# The hash is deliberately slow everywhere else.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Pages are rendered without collecting assets first.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: a live server and its test have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;",
    }

# Tasks run where they are called, and their errors are the caller's.
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "100000/min", "user": "100000/min"}}
ALLOWED_HOSTS = ["*"]
# People of tests live in many years at once.
PASSWORD_MAX_AGE_DAYS = 0
