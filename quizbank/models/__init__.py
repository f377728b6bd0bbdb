"""What is asked."""

from quizbank.models.question import Question, QuestionVersion
from quizbank.models.topic import Topic

__all__ = ["Question", "QuestionVersion", "Topic"]
