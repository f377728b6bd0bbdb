"""What must not be practised now. The bank does not know what its questions are used for; whoever uses them says so.

An app above registers, when it is ready, a function that returns the ids of questions that are in play. Practice asks
all of them every time: a question is free again the moment its round is over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

Provider = Callable[[], QuerySet[Any, Any]]
"""Returns a query of question ids (one column), put into a larger query as it is."""

_providers: dict[str, Provider] = {}


def withhold(name: str, provider: Provider) -> None:
    """Register who holds questions back. The same name again replaces the first."""
    _providers[name] = provider


def withheld() -> list[QuerySet[Any, Any]]:
    """Return a query of question ids for each registered user of questions."""
    return [provider() for provider in _providers.values()]
