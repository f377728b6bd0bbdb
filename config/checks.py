"""Mistakes outside our code, told with a hint: `manage.py check --deploy --database default`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's own name
from redis import Redis
from redis.exceptions import RedisError

from config import vitals

LEAST_REDIS = (7, 0)
LOCAL = {None, "", "localhost", "127.0.0.1", "::1"}


@register(Tags.security, deploy=True)
def redis_of_ones_own(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """What a Redis that was brought along must be: new enough, keeping what it is given, closed to strangers.

    Like Django's own checks of a database it asks the running service only under `--database`: settings can be
    checked before anything runs.
    """
    parts = urlsplit(settings.REDIS_URL)
    found: list[CheckMessage] = []
    if parts.scheme in ("redis", "rediss") and parts.hostname not in LOCAL and not parts.password:
        found.append(
            Warning(
                "Redis listens on the network without a password.",
                hint="Give it an ACL user without CONFIG, RESTORE and DEBUG, and name it in REDIS_URL.",
                id="thiso.W001",
            )
        )
    if not databases:
        return found
    try:
        client = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
        facts = cast(dict[str, Any], client.info())
    except (RedisError, OSError) as error:
        return [*found, Warning(f"Redis does not answer: {error}", hint="Check REDIS_URL.", id="thiso.W002")]
    return found + faults_of(facts)


def faults_of(facts: dict[str, Any]) -> list[CheckMessage]:
    """What its INFO tells: version, eviction, durability."""
    found: list[CheckMessage] = []
    # Valkey calls itself redis_version 7.2.4 for its clients and has a version of its own besides.
    version = str(facts.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < LEAST_REDIS:
        hint = "7.0 is the least; take the newest of your distribution: older ones have known holes."
        found.append(Error(f"Redis is {version}.", hint=hint, id="thiso.E001"))
    if facts.get("maxmemory") and facts.get("maxmemory_policy") != "noeviction":
        hint = "Set maxmemory-policy noeviction: an evicted queue is lost work."
        found.append(Error("Redis throws keys away when memory is short.", hint=hint, id="thiso.E002"))
    if not facts.get("aof_enabled"):
        hint = "Set appendonly yes; without it a restart empties boards and queues, which then have to be rebuilt."
        found.append(Warning("Redis keeps nothing on disk.", hint=hint, id="thiso.W003"))
    return found


@register(Tags.database)
def clocks(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_options: Any
) -> list[Any]:
    """Deadlines follow the application's clock; the database's must agree."""
    if not databases or vitals.clocks_agree():
        return []
    return [
        Error(
            f"The database's clock is {vitals.clock_skew_ms():+.0f} ms from this machine's.",
            hint=f"Set both by NTP; more than {vitals.MOST_SKEW_MS} ms is not accepted.",
            id="thiso.E003",
        )
    ]
