"""What browsers and search engines ask a site for: the web app manifest, the favicon, robots.txt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

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
