"""Live events as they are stored: the truth behind every screen of a hall."""

from realtime.models.answer import LiveAnswer
from realtime.models.event import Event, EventQuestion
from realtime.models.log import EventLog, Grant
from realtime.models.player import Player, Team

__all__ = ["Event", "EventLog", "EventQuestion", "Grant", "LiveAnswer", "Player", "Team"]
