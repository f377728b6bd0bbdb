"""What is asked."""

from quizbank.models.deck import Card, Deck
from quizbank.models.importing import ImportBatch, ImportedItem
from quizbank.models.picture import Picture
from quizbank.models.progress import (
    BadgeAward,
    LeagueSeat,
    LeagueWeek,
    Point,
    ProgressOff,
    ProgressSetting,
    UnitGoal,
    Win,
)
from quizbank.models.question import Question, QuestionVersion
from quizbank.models.review import Comment, SealedSet, Sighting
from quizbank.models.statistic import VersionStatistic
from quizbank.models.study import CardMemory, CardReview, PracticeAnswer
from quizbank.models.topic import Topic

__all__ = [
    "BadgeAward",
    "Card",
    "CardMemory",
    "CardReview",
    "Comment",
    "Deck",
    "ImportBatch",
    "ImportedItem",
    "LeagueSeat",
    "LeagueWeek",
    "Picture",
    "Point",
    "PracticeAnswer",
    "ProgressOff",
    "ProgressSetting",
    "Question",
    "QuestionVersion",
    "SealedSet",
    "Sighting",
    "Topic",
    "UnitGoal",
    "VersionStatistic",
    "Win",
]
