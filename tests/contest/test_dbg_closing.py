import pytest
from tests.contest.papers import *
from contest.domain.scoring import score_round
from contest.models import *
from contest.queries.boards import board_page
@pytest.mark.django_db
def test_x():
    round_, _ = cast(("Nguyễn Văn An", "BBBBB", 60), contest=simple_contest())
    make_paper(round_, make_entry(round_.contest, make_resident("Trần Thị Bé"), is_minor=True), "BBBBA")
    score_round(round_id=round_.pk, now=NOW)
    print([(p.entry.full_name,p.score,p.points_milli,p.perfect) for p in BoardPlace.objects.all()], board_page(contest_round=round_, now=NOW).rows)
    assert 0
