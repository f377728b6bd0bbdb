"""What live events announce, after the commit."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with sender=Event, event_id and seq: the event has a new position. Whoever shows it reads it anew.
event_changed = Signal()

# Sent with sender=Event and event_id: an event is over and its answers are judged, or were judged anew afterwards.
event_judged = Signal()
