"""Wiring only: settings, URLs, ASGI, Celery, templates, tokens. No app imports this package."""
