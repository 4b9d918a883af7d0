"""Settings: everything that differs between installations comes from the environment or ``.env``."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from foundation.append_only import SHORTEST_DAYS
from zalantun.logs import is_no_answer_of_health

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Everything the portal writes lives here: database, media, broker files, collected assets, logs.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

INSECURE_SECRET_KEY = "insecure-development-key-never-use-it-in-production-0123456789"  # noqa: S105 - a check warns of it
# `make run` leaves a random one here when the environment names none.
SECRET_KEY_FILE = DATA_DIR / "secret-key"
SECRET_KEY = env.str(
    "SECRET_KEY",
    default=SECRET_KEY_FILE.read_text().strip() if SECRET_KEY_FILE.is_file() else INSECURE_SECRET_KEY,
)
# Former keys, after a change: what they signed or encrypted is still read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "foundation",
    "printing",
    "search",
    "organizations",
    "notifications",
    "directives",
    "events",
    "taskboard",
    "floodresponse",
    "gazette",
    "zalantun",
    "zalantun.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    # Only for the migration that turns its tokens, kept in the clear, into hashes.
    "rest_framework.authtoken",
    "rules.apps.AutodiscoverRulesConfig",
    "simple_history",
]

MIDDLEWARE = [
    "zalantun.health.HealthMiddleware",
    "foundation.middleware.RequestContextMiddleware",
    "zalantun.requestlog.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.middleware.PrivateAnswersMiddleware",
    "foundation.accesses.AccessMiddleware",
    "foundation.idleness.IdleMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organizations.gate.GateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "foundation.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "zalantun.urls"
WSGI_APPLICATION = "zalantun.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zalantun.context_processors.site",
            ],
            "builtins": ["zalantun.templatetags.portal"],
        },
    },
]

# -- database -------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock at once, so two writers wait instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "organizations.backends.PasswordBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organizations.passwords.NotOneselfValidator"},
    {
        "NAME": "organizations.passwords.LongEnoughValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", default=8)},
    },
    {"NAME": "organizations.passwords.NotCommonValidator"},
    {"NAME": "organizations.passwords.NotAllDigitsValidator"},
    {
        "NAME": "organizations.passwords.CharacterClassesValidator",
        "OPTIONS": {"min_classes": env.int("PASSWORD_MIN_CLASSES", default=3)},
    },
    {
        "NAME": "organizations.passwords.NotReusedValidator",
        "OPTIONS": {"last": env.int("PASSWORD_NOT_LAST", default=5)},
    },
]
# 等保 2.0 asks for passwords to be changed from time to time; 0: never by the calendar.
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=180)
# Rows of the audit log older than this are removed once a daily file holds them; 0 keeps all. Six months
# are the least that the law and the database allow.
AUDIT_KEEP_DAYS = env.int("AUDIT_KEEP_DAYS", default=0)
if 0 < AUDIT_KEEP_DAYS < SHORTEST_DAYS:
    raise ImproperlyConfigured(
        f"AUDIT_KEEP_DAYS={AUDIT_KEEP_DAYS}：审计记录至少保存 {SHORTEST_DAYS} 天，0 为一直保存。"
    )
# How long a token of the API is good at most.
TOKEN_DAYS = env.int("TOKEN_DAYS", default=365)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "organizations.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"change_password": "organizations.ownpassword.OwnPasswordForm"}
# Five wrong passwords close a name for half an hour; an office shares an address, so it may err more often.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/30m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = CONFIRMATION_SECONDS = env.int("CONFIRMATION_SECONDS", default=300)
# How old a sign-in may be for decisions of weight (organizations.weighty); older, the factor is asked again.
CONFIRM_AGAIN_SECONDS = env.int("CONFIRM_AGAIN_SECONDS", default=4 * 3600)
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
# However busy: a shift of the command post lasts twelve hours.
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 3600)
# What is left of a session in the database ends by itself; foundation.idleness is exact.
SESSION_COOKIE_AGE = SESSION_IDLE_SECONDS + 60
SESSION_COOKIE_HTTPONLY = True
# How many proxies of ours stand in front; what others write into X-Forwarded-For counts for nothing.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # The portal itself speaks plain HTTP: the proxy says how it was called.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
    SECURE_SSL_REDIRECT = True
    # Asked by machines beside the portal, which have no certificate to check.
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^metrics$"]
# Preloading binds a whole domain for years: its owner decides, at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# People to try a fresh portal with; they are made only while it has no user at all.
DEMO_ACCOUNTS = env.bool("DEMO_ACCOUNTS", default=True)
DEMO_ACCOUNTS_FILE = DATA_DIR / "demo-accounts.txt"

# Command post, supervisors and administrators set up a second factor; who only tries the portal need not.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=not DEBUG and not DEMO_ACCOUNTS)
MFA_ADAPTER = "organizations.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody's mailbox is verified here: accounts are given by the system administrator.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "organizations.factorforms.CodeForm",
    "reauthenticate": "organizations.factorforms.CodeAgainForm",
}
# Browsers offer passkeys to HTTPS and to the machine itself alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# The city's single sign-on (OpenID Connect); without an issuer there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_USERNAME_CLAIM = env.str("OIDC_USERNAME_CLAIM", default="preferred_username")
OIDC_NAME = env.str("OIDC_NAME", default="统一身份认证")
SOCIALACCOUNT_ADAPTER = "organizations.adapters.CitySignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "city",
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

# -- search ---------------------------------------------------------------------------------

# What can be searched, kind by kind: the rooms above hand it in, so that the index knows none of them.
SEARCH_SOURCES = [
    "events.indexing.EVENTS",
    "directives.indexing.DIRECTIVES",
    "taskboard.indexing.TASKS",
    "taskboard.indexing.LEDGER_ROWS",
    "zalantun.search.nameindex.PEOPLE",
    "zalantun.search.nameindex.DEPARTMENTS",
]

# -- language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["zalantun.formats"]

# -- files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/tabler", NODE_MODULES / "@tabler" / "core" / "dist"),
    ("vendor/echarts", NODE_MODULES / "echarts" / "dist"),
]
STATICFILES_FINDERS = [
    "zalantun.staticfinder.ChosenFilesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# The plain names are never linked; without them collecting takes half the time.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# What pages use of the packages; a file that is not named here is not served.
VENDOR_FILES = frozenset(
    {
        "vendor/tabler/css/tabler.min.css",
        "vendor/tabler/css/tabler.min.css.map",
        "vendor/tabler/js/tabler.min.js",
        "vendor/tabler/js/tabler.min.js.map",
        "vendor/echarts/echarts.min.js",
    }
)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Outside the web root: files leave only through views that check permission.
        "OPTIONS": {"location": DATA_DIR / "media", "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=64 * 1024 * 1024)
# Attachments: photos of a phone and scanned documents fit.
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=32 * 1024 * 1024)
# A film of a media report: about half a minute as a phone records it; below the limit of a request.
VIDEO_MAX_BYTES = env.int("VIDEO_MAX_BYTES", default=60 * 1024 * 1024)
# All frames of a picture together; decoding takes four bytes for each.
PICTURE_MAX_PIXELS = env.int("PICTURE_MAX_PIXELS", default=50_000_000)
OFFICE_MAX_ENTRIES = env.int("OFFICE_MAX_ENTRIES", default=5_000)
OFFICE_MAX_UNPACKED_BYTES = env.int("OFFICE_MAX_UNPACKED_BYTES", default=256 * 1024 * 1024)
OFFICE_MAX_RATIO = env.int("OFFICE_MAX_RATIO", default=200)
# Not the system's folder: what is handed in is nobody else's to read, and /tmp may be small.
FILE_UPLOAD_TEMP_DIR = env.str("FILE_UPLOAD_TEMP_DIR", default=str(DATA_DIR / "tmp"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
# A list of 500 tasks is looked at on one page, seven fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

# -- background work ------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
BROKER_DIR = DATA_DIR / "broker"
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "queues"),
        "polling_interval": 0.25,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # A message not answered for ten minutes runs again; asked every 5 s, by one worker in turn.
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
# PDFs and imports wait in a queue of their own, so that a reminder never waits behind them.
# What leaves the portal may hang on a server that does not answer: the inbox must not wait for it.
CELERY_TASK_ROUTES = {
    "gazette.tasks.*": {"queue": "documents"},
    "events.tasks.*": {"queue": "documents"},
    "taskboard.tasks.propose_record_links": {"queue": "documents"},
    "printing.tasks.*": {"queue": "documents"},
    "notifications.tasks.send_due": {"queue": "outbound"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Told to stop, a worker finishes what takes a moment and gives the rest back to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 2
# Remote control keeps a queue for each worker that ever ran; on the file broker it fills a disk.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULER = "zalantun.beat.PortalScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

# -- health ---------------------------------------------------------------------------------

HEARTBEAT_SECONDS = env.int("HEARTBEAT_SECONDS", default=10)
# Older than this, a worker or beat counts as gone.
HEARTBEAT_LIMIT_SECONDS = env.int("HEARTBEAT_LIMIT_SECONDS", default=60)
# What does not answer within this time counts as down.
# Without it /metrics does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
HEALTH_TIMEOUT_SECONDS = env.float("HEALTH_TIMEOUT_SECONDS", default=2.0)

# Shared by all processes: rate limits, tries to sign in, progress of imports. Pages kept for visitors lie
# apart: a full cache drops what it likes, and whoever calls many pages would make it forget the tries.
if CELERY_BROKER_URL.startswith("redis"):
    _REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CELERY_BROKER_URL}
    CACHES = {"default": _REDIS, "pages": {**_REDIS, "KEY_PREFIX": "pages"}}
else:
    CACHES = {
        name: {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache" / folder,
            "OPTIONS": {"MAX_ENTRIES": most},
        }
        for name, folder, most in (("default", "shared", 10_000), ("pages", "pages", 500))
    }

# -- interfaces -----------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # Token first: an anonymous call is then answered 401, not 403.
        "organizations.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "zalantun.parsing.ShallowJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "foundation.api.Ordering",
    ],
    "DEFAULT_PAGINATION_CLASS": "zalantun.api.Pagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "zalantun.api.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "foundation.throttling.VisitorThrottle",
        "foundation.throttling.AccountThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="600/min"),
        "user": env.str("API_RATE_USER", default="6000/min"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "扎兰屯市政务公报接口",
    "DESCRIPTION": "大事记、政策文件、任务清单与防内涝的读写接口。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "DepartmentKind": "organizations.models.Department.Kind",
        "DirectiveKind": "directives.models.Directive.Kind",
        "FloodLevel": "floodresponse.models.Level",
        "FloodNumeral": ["I", "II", "III", "IV"],
        "FloodReportKind": "floodresponse.models.Obligation.Kind",
        "IncidentKind": "floodresponse.models.Incident.Kind",
        "FloodReportState": "floodresponse.models.Obligation.State",
        "FloodActionState": "floodresponse.models.UnitAction.State",
        "FloodWarningState": "floodresponse.models.FloodWarning.State",
        "FloodWarningKind": "floodresponse.models.FloodWarning.Kind",
        "IncidentChannel": "floodresponse.models.IncidentReport.Channel",
        "LegalStatus": "directives.models.LegalState",
        "LegalStatusOnRecord": "directives.models.StatusChange.Status",
        "IssuePublication": "gazette.models.Issue.Publication",
        "Publication": "events.models.Event.Publication",
        "RevisionStep": "foundation.versions.REVISION_STEPS",
        "SettleStep": ["confirm", "void"],
        "StageResultKind": "taskboard.models.StageResult.Kind",
        "StageResultOutcome": "taskboard.models.StageResult.Outcome",
        "TaskListState": "taskboard.models.TaskList.State",
        "TaskState": "taskboard.models.Task.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "zalantun.api.document_refusals",
    ],
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_TIMEOUT = 10
# Robots that hear every urgent message; hosts that web hooks may reach; a gateway that turns a message
# into a call or a short message.
NOTIFY_URLS = env.list("NOTIFY_URLS", default=[])
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])
# Private networks (10.1.2.0/24) that web hooks of persons may reach besides public machines.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
VOICE_HOOK_URL = env.str("VOICE_HOOK_URL", default="")

# -- the site, as printed on pages and in the metadata for government sites -----------------

SITE_NAME = env.str("SITE_NAME", default="扎兰屯市政务公报")
SITE_DOMAIN = env.str("SITE_DOMAIN", default="localhost")
# Where people reach the portal, for links in messages that leave it (https://gazette.example.cn).
SITE_URL = env.str("SITE_URL", default="")
SITE_ID_CODE = env.str("SITE_ID_CODE", default="")
SITE_OWNER = env.str("SITE_OWNER", default="扎兰屯市人民政府办公室")
CITY_NAME = env.str("CITY_NAME", default="扎兰屯市")

# -- protection -----------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "zalantun.errorpages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A form that starts the city's sign-on is led on to its server.
        "form-action": [SELF, *([OIDC_ISSUER] if OIDC_ISSUER else [])],
        "frame-ancestors": [NONE],
    },
}

# -- logs -----------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT={LOG_FORMAT}：只能是 line 或 json。")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "foundation.context.RequestIdFilter"},
        "no_health": {"()": "django.utils.log.CallbackFilter", "callback": is_no_answer_of_health},
    },
    "formatters": {
        "line": {
            "()": "zalantun.logs.MaskedLine",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        },
        "json": {
            "()": "zalantun.logs.MaskedJson",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
            "json_ensure_ascii": False,
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # WeasyPrint explains every CSS property it skips; fontTools every glyph it keeps.
    "loggers": {
        "django.request": {"filters": ["no_health"]},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
