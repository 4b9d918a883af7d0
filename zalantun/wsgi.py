"""The web server's entry point."""

import ctypes
import os
import signal
from importlib import import_module

from django.core.wsgi import get_wsgi_application

PR_SET_PDEATHSIG = 1

if "PORTAL_INSTANCE" in os.environ:
    # Below `make run`: a process of the web server ends with the one that started it, however that
    # ends, so that the next one finds the port and the database free.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zalantun.settings")
application = get_wsgi_application()

# Models are there only now.
import_module("zalantun.metrics").reserve_room()
