"""The map of the site."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from config.views import errors, health, language, pwa, styleguide

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("ngon-ngu/", language.set_language, name="set_language"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service_worker"),
    path("favicon.ico", pwa.favicon, name="favicon"),
    path("robots.txt", pwa.robots, name="robots"),
    path("kieu/", styleguide.styleguide, name="styleguide"),
    path("ngoai-tuyen/", errors.offline, name="offline"),
    path("tai-khoan/", include("people.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("", include("quizbank.urls")),
    path("", include("realtime.urls")),
    path("", include("contest.urls")),
]
if settings.SHOW_OUTBOX:
    urlpatterns += [path("hop-thu/", include("people.urls_outbox"))]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
