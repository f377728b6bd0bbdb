"""Settings: typed environment, embedded defaults. docs/settings.md lists every variable (a test keeps it complete)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.secret import read_or_make_secret
from config.store import redis_url, sqlite_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where state lives -------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("THISO_DATA", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# "embedded": one machine, everything started by `manage.py up`. "production": behind a proxy with TLS.
MODE = env.str("THISO_MODE", default="embedded")
PRODUCTION = MODE == "production"
DEBUG = env.bool("THISO_DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_make_secret(DATA_DIR / "secret_key")
ALLOWED_HOSTS = [
    *env.list("ALLOWED_HOSTS", default=[]),
    *([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]),
]
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL] if PRODUCTION else [])

# --- The parts ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "realtime",
    "contest",
    "quizbank",
    "people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "django_htmx",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
]

MIDDLEWARE = [
    "config.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # outside: static files are compressed once, when collected
    "config.middleware.CompressedText",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.PrivatePagesAreNotStored",
    "config.middleware.KindErrors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "libraries": {"lucide": "config.templatetags.icons"},
        },
    }
]

# --- Databases and Redis -----------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=sqlite_url(DATA_DIR / "db.sqlite3"))}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,  # opening a file and setting its pragmas for every page would cost more than the page
        # IMMEDIATE: no read-then-write ever fails with "locked"; FULL: an acknowledged commit survives a power cut.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
            " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;",
        },
        "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # One connection for each thread, kept, and looked at before each request uses it: after a restart of the server the
    # next page just connects anew. A pool of psycopg hands out its dead connections one after the other instead, with
    # growing pauses (failures H15). Threads are few and fixed, so connections are too (failures H14).
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 600,  # seconds; a backend that lives for weeks grows
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **DATABASES["default"].get("OPTIONS", {})},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = redis_url(env.str("REDIS_URL", default=""), DATA_DIR)
# A stalled Redis may never hold a request for longer than this (failures D15, X5).
REDIS_TIMEOUT_S = env.float("REDIS_TIMEOUT", default=2.0)

CACHES = {
    "default": {
        "BACKEND": "config.cache.TolerantRedisCache",
        "LOCATION": redis_url(REDIS_URL, DATA_DIR, database=1),
        "OPTIONS": {"socket_timeout": REDIS_TIMEOUT_S, "socket_connect_timeout": REDIS_TIMEOUT_S},
        "KEY_PREFIX": "thiso",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # No socket_timeout here: an idle subscriber must be allowed to wait (failures D15).
        "CONFIG": {
            "hosts": [{"address": redis_url(REDIS_URL, DATA_DIR, database=0), "socket_connect_timeout": 2}],
            "prefix": "thiso",
        },
    }
}

# --- Sessions and security ---------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-thiso" if PRODUCTION else "thiso"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy redirects; health checks come in by plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if PRODUCTION else None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "DENY"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Sign-in -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
from config.settings_auth import *  # noqa: E402, F403  the allauth block is a page of its own

# --- Messages to people ------------------------------------------------------------------------------------------
SMS_SENDER = env.str("SMS_SENDER", default="people.messaging.OutboxSms")
SMS_DAILY_BUDGET = env.int("SMS_DAILY_BUDGET", default=20_000)
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="people.messaging.OutboxEmail")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS", False))
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="thi-so@localhost")
# The page that shows codes instead of sending them; never in production.
SHOW_OUTBOX = env.bool("SHOW_OUTBOX", default=not PRODUCTION) and not PRODUCTION

# --- Language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where there is none yet
STATIC_EXTRA = DATA_DIR / "static-extra"  # fonts subset at set-up
STATIC_EXTRA.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [STATIC_EXTRA]
_collected = (STATIC_ROOT / "staticfiles.json").exists() and not env.bool("THISO_STATIC_FINDERS", default=False)
WHITENOISE_USE_FINDERS = not _collected
# Not collected, files are served from where they are written, and may be edited under a running server: they are looked at
# each time, or one that grew would be sent with its old length and cut off. Collected, what pages ask for carries its
# content's hash in its name: collecting again adds files and changes none that is being served. The few plain names (fonts,
# shapes.svg, the 500 page's) are read anew with the restart that ends every update.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
MEDIA_ROOT = DATA_DIR / "media"
CERTIFICATE_DIR = DATA_DIR / "certificates"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.storage.HashedStaticFiles"
        if _collected or "collectstatic" in sys.argv or os.environ.get("THISO_COLLECTING")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Celery (config/celery.py holds what never varies) -------------------------------------------------------------
CELERY_BROKER_URL = redis_url(REDIS_URL, DATA_DIR, database=0, celery=True)

# --- Pages through WSGI inside the ASGI process --------------------------------------------------------------------
PAGE_THREADS = env.int("PAGE_THREADS", default=4)
CERTIFICATE_SIGNER = env.str("CERTIFICATE_SIGNER", default="")

TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # SSL redirect is the proxy's work, see above

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "daphne.http_protocol": {"level": "WARNING"},
        # While Redis is away it prints a whole traceback every few seconds; our own lines say it once.
        "channels_redis.pubsub": {"level": "CRITICAL"},
    },
}
