"""A question as its reader sees it, by the name the contest's pages know it: practice shows the same ones."""

from __future__ import annotations

from quizbank.asking import ANSWER as ANSWER
from quizbank.asking import CHOICES as CHOICES
from quizbank.asking import PAIR as PAIR
from quizbank.asking import PLACE as PLACE
from quizbank.asking import OptionView as OptionView
from quizbank.asking import QuestionView as QuestionView
from quizbank.asking import view_question as view_question
from quizbank.asking import wire_of_form as wire_of_form
