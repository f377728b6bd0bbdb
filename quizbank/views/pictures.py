"""Pictures of questions."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from people.access import public
from people.errors import AppError
from quizbank.models import Picture


@public
@require_safe
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture by its content: the address tells nothing of a question, and never means another picture."""
    found = Picture.objects.filter(sha256=sha256).first() if re.fullmatch("[0-9a-f]{64}", sha256) else None
    if found is None:
        raise AppError(code="not_found", status=404)
    return HttpResponse(
        bytes(found.data),
        content_type="image/webp",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )
