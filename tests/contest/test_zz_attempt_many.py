import tests.contest.test_lifecycle_machine as m
from hypothesis import settings
import pytest
pytestmark = pytest.mark.django_db
cast = m.cast
@pytest.mark.timeout(500)
def test_many(cast):
    m.run_state_machine_as_test(m.Lifecycle, settings=settings(m.QUICK, max_examples=400, stateful_step_count=40))
