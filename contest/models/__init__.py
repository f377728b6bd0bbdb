"""How it is judged."""

from contest.models.attempt import AnswerEvent, Attempt
from contest.models.board import BoardBucket, BoardPlace, BoardUnit
from contest.models.certificate import Certificate
from contest.models.contest import Contest, Entry, RuleSetVersion
from contest.models.invite import Invitation, InviteCredit, InviteLink
from contest.models.job import Job
from contest.models.result import ResultSet, Standing, UnitStanding
from contest.models.round import PoolItem, Round

__all__ = [
    "AnswerEvent",
    "Attempt",
    "BoardBucket",
    "BoardPlace",
    "BoardUnit",
    "Certificate",
    "Contest",
    "Entry",
    "Invitation",
    "InviteCredit",
    "InviteLink",
    "Job",
    "PoolItem",
    "ResultSet",
    "Round",
    "RuleSetVersion",
    "Standing",
    "UnitStanding",
]
