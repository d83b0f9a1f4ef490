"""PLUG POINT: one .py + .html per question type. A new type is two files and two lines here."""

from app.questions.counts import Counts
from app.questions.grade import Grade
from app.questions.grades_grid import GradesGrid
from app.questions.grid import Grid
from app.questions.information import Information
from app.questions.multiple import MultipleChoice
from app.questions.number import Number
from app.questions.open import OpenText
from app.questions.question import Question
from app.questions.satisfaction import SatisfactionScale
from app.questions.single import SingleChoice

QUESTION_TYPES: dict[str, type[Question]] = {
    "information": Information,
    "single": SingleChoice,
    "multiple": MultipleChoice,
    "number": Number,
    "grade": Grade,
    "satisfaction": SatisfactionScale,
    "grid": Grid,
    "counts": Counts,
    "grades_grid": GradesGrid,
    "open": OpenText,
}
