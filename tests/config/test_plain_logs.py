"""The painters of autobahn's debug log are gone, and its protocol works without them."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from config.up import guard, plain_logs

PLACES = {
    "autobahn.websocket.protocol": plain_logs.PAINTERS,
    "autobahn.twisted.websocket": ("hltype", "hlval"),
}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Both modules, given back as they were."""
    assert guard.GuardedServer  # importing it chooses the reactor, before autobahn does
    found = {name: importlib.import_module(name) for name in PLACES}
    for name, painters in PLACES.items():
        for painter in painters:
            monkeypatch.setattr(found[name], painter, getattr(found[name], painter))
    return found


def test_every_painter_is_replaced_where_autobahn_calls_it(modules: dict[str, ModuleType]) -> None:
    plain_logs.plain_debug_texts()
    plain_logs.plain_debug_texts()
    value = object()
    for name, painters in PLACES.items():
        assert [getattr(modules[name], painter)(value) for painter in painters] == [value] * len(painters)
        assert modules[name].hlval(7, color="red") == 7
