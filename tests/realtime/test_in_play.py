"""Questions of a running event cannot be practised; a draft and an event that is over hold nothing back."""

from __future__ import annotations

import pytest

from quizbank.queries.practice import practice_versions
from realtime.enums import Phase
from realtime.models import Event
from tests.realtime.live_factories import make_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("phase", list(Phase))
def test_questions_rest_between_the_lobby_and_the_end(phase: Phase) -> None:
    event = make_event(questions=2)
    asked = {row.version_id for row in event.questions.all()}
    Event.objects.filter(pk=event.pk).update(phase=phase)
    free = asked & set(practice_versions().values_list("pk", flat=True))
    assert free == (asked if phase in (Phase.DRAFT, Phase.ENDED, Phase.ABORTED) else set())
