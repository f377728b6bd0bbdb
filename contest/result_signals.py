"""What results announce, always after the commit (see contest.signals).

board_changed      round_id: attempts were graded or places taken back; a live board may be drawn again
result_completed   round_id, result_set_id: a result is computed and waits for a person
result_published   round_id, result_set_id
"""

from __future__ import annotations

from django.dispatch import Signal

board_changed = Signal()
result_completed = Signal()
result_published = Signal()
