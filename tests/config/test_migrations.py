"""A new database takes the short way (decision 047), an old one its former steps: both arrive at the same tables."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

OURS = ("people", "quizbank", "contest", "realtime")


@pytest.mark.parametrize("short", [True, False])
def test_both_ways_arrive_at_the_models(short: bool) -> None:
    loader = MigrationLoader(None, replace_migrations=short)
    with translation.override(None):  # as makemigrations does: texts stand there as they are in the source
        arrived = loader.project_state([key for key in loader.graph.leaf_nodes() if key[0] in OURS])
        changes = MigrationAutodetector(arrived, ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert {app: found for app, found in changes.items() if app in OURS} == {}
    assert (("contest", "0001_initial") in loader.graph.nodes) is not short


@pytest.mark.parametrize("app", ["quizbank", "contest", "realtime"])
def test_the_short_way_replaces_every_step_up_to_its_last(app: str) -> None:
    ours = [one for one in MigrationLoader(None).disk_migrations.values() if one.app_label == app]
    (short,) = (one for one in ours if one.replaces)
    last = max(name for _app, name in short.replaces)
    assert {name for _app, name in short.replaces} == {one.name for one in ours if one.name <= last} - {short.name}
