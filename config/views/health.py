"""Is this process fit to serve? The database must answer; Redis and the worker may be away."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. Body: {"database": bool, "redis": bool, "ms": float}."""
    begun = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            database = cursor.fetchone() == (1,)
    except DatabaseError:
        database = False
    probe = f"health:{settings.MODE}"
    cache.set(probe, "1", 5)
    redis = cache.get(probe) == "1"
    took = round((time.perf_counter() - begun) * 1000, 1)
    return JsonResponse({"database": database, "redis": redis, "ms": took}, status=200 if database else 503)
