"""What browsers and search engines ask a site for: the web app manifest, the favicon, robots.txt."""

from __future__ import annotations

import hashlib
from functools import cache

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from config.context import VERSION

# Pages of one person or of the organizers: they refuse a robot anyway, this spares it the way.
NOT_FOR_ROBOTS = ("/tai-khoan/", "/quan-ly/", "/t/", "/k/", "/cua-toi/", "/hop-thu/", "/api/", "/ws/")


@cache_control(max_age=86_400, public=True)
def manifest(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "name": "Thi Số",
            "short_name": "Thi Số",
            "description": _("Tìm hiểu về chuyển đổi số"),
            "lang": "vi",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#FBF7EF",
            "theme_color": "#A6211B",
            "icons": [
                {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {
                    "src": static("img/icon-maskable-512.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
                {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        },
        content_type="application/manifest+json",
    )


@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("img/icon-192.png"))


@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Contests, boards and rules may be found; what belongs to one person may not."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cache
def _release() -> str:
    """Changes with everything pages load: service workers of browsers then throw their copies away.

    Collected files have a manifest with a hash; files served from where they are written are asked for anew anyway.
    """
    manifest = str(getattr(staticfiles_storage, "manifest_hash", "") or "")
    return hashlib.sha256(f"{VERSION}/{manifest}".encode()).hexdigest()[:12]


@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps learning pages for offline use. At the root, because it looks after the whole site."""
    context = {
        "version": _release(),
        "offline_url": reverse("offline"),
        "sign_out_url": reverse("account_logout"),
    }
    body = render_to_string("sw.js", context)
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")
