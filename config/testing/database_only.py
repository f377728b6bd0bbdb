"""A pytest plug-in for the second round, on PostgreSQL: what touches no database has been run on SQLite's already."""

from __future__ import annotations

import pytest

DATABASE_FIXTURES = {"db", "transactional_db"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out every test without a database, of its own process (django_db) or of servers it starts (service)."""
    kept = [item for item in items if touches_database(item)]
    left = [item for item in items if not touches_database(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def touches_database(item: pytest.Item) -> bool:
    """Whether a test may behave differently on another database."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "service"))
    return marked or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
