"""The whole paper as one page: questions, the prediction where it is asked, handing in; one of them in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contest.presenters.question import QuestionView

PREDICTION, FINISH = "du-doan", "nop"


@dataclass(frozen=True, slots=True)
class PaperView:
    """``step`` is "1" … "n", "du-doan" or "nop"; numbers count from 1."""

    questions: tuple[QuestionView, ...]
    step: str
    asks_prediction: bool

    @property
    def steps(self) -> tuple[str, ...]:
        numbers = tuple(str(question.number) for question in self.questions)
        return (*numbers, *((PREDICTION,) if self.asks_prediction else ()), FINISH)

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def missing(self) -> tuple[int, ...]:
        return tuple(question.number for question in self.questions if not question.answered)

    @property
    def flagged(self) -> tuple[int, ...]:
        return tuple(question.number for question in self.questions if question.flagged)

    @property
    def highest_seq(self) -> int:
        return max((question.seq for question in self.questions), default=0)

    @property
    def after_questions(self) -> str:
        """The step behind the last question."""
        return PREDICTION if self.asks_prediction else FINISH

    def beside(self, by: int) -> str:
        """The step ``by`` places away, "" where there is none."""
        place = self.steps.index(self.step) + by
        return self.steps[place] if 0 <= place < len(self.steps) else ""


def view_paper(questions: Sequence[QuestionView], *, step: str, asks_prediction: bool) -> PaperView:
    """Return the page with the step asked for in sight, the first one where there is no such step."""
    view = PaperView(tuple(questions), step, asks_prediction)
    return view if step in view.steps else PaperView(view.questions, view.steps[0], asks_prediction)
