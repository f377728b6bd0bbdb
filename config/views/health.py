"""Is this process fit to serve? The database must answer; Redis and the worker may be away."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.vitals import clocks_agree


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. Body: {"database": bool, "redis": bool, "clock": bool, "ms": float}.

    ``clock`` false (the database's is more than half a second from ours) needs a person, not a restart: it does not take
    the process out of service, because a wrong clock of the database would take out all of them.
    """
    begun = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            database = cursor.fetchone() == (1,)
        clock = clocks_agree()
    except DatabaseError:
        database, clock = False, True
    probe = f"health:{settings.MODE}"
    cache.set(probe, "1", 5)
    redis = cache.get(probe) == "1"
    took = round((time.perf_counter() - begun) * 1000, 1)
    return JsonResponse(
        {"database": database, "redis": redis, "clock": clock, "ms": took}, status=200 if database else 503
    )
