"""Small questions about a request, by the name the contest's pages know them."""

from __future__ import annotations

from people.requests import public_url as public_url
from people.requests import wants_json as wants_json
