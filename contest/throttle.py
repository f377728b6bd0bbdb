"""The counter of requests, by the name the contest's pages know it."""

from __future__ import annotations

from people.throttle import allow as allow
from people.throttle import network_of as network_of
