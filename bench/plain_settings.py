"""The settings of the comparison: the project's own, with the five usual middlewares and one URL."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES
from config.settings import INSTALLED_APPS as ALL_APPS

INSTALLED_APPS = [app for app in ALL_APPS if not app.startswith("allauth")]  # which insists on a middleware of its own
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "bench.plain_app"
if os.environ.get("THISO_BENCH_HANDLER") == "asgi" and DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Django's ASGI handler runs each request in a thread of its own: kept connections would leak until PostgreSQL refuses
    # more (failures H14), so they are switched off there, as Django's documentation asks.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
