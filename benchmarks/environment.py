"""A portal of its own in a folder that is thrown away; imported before anything of Django.

It runs on SQLite unless ``BENCH_DATABASE_URL`` names another empty database.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django

FOLDER = Path(tempfile.mkdtemp(prefix="portal-bench-"))
(FOLDER / "broker" / "messages").mkdir(parents=True)
(FOLDER / "broker" / "queues").mkdir()
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ |= {
    "DATA_DIR": str(FOLDER),
    "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{FOLDER / 'portal.sqlite3'}"),
    "CELERY_BROKER_URL": "filesystem://",
    "SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "127.0.0.1,testserver",
    "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    # So many calls in a row are no misuse here.
    "API_RATE_USER": "1000000/min",
}
django.setup()
