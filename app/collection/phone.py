"""What an interviewer needs beside the pages that a respondent sees: the introduction script, instructions, the
Dutch words of a question in another language, and a warning when the respondent is on the web just now."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.engine import Connection

from app.clock import now
from app.collection.contexts import QuestionPage
from app.collection.sittings import Sitting, answer_table, case_table, interview_table
from app.collection.standing import Standing
from app.definition.questionnaire import Page
from app.engine.route import route
from app.engine.screens import Screen
from app.language import SOURCE_LANGUAGE
from app.questions.question import Question
from app.web.pages import environment

STILL_THERE = timedelta(minutes=15)
_PLACE_FOR_NAME = re.compile(r"\[(uw naam|naam van [a-zë ]+)\]")


def script(standing: Standing, names: Mapping[str, str] | None = None) -> Page:
    """What the interviewer says before the first question, in place of the introduction that people read.

    Args:
        names: who speaks with whom, by the start of the words between brackets: «uw naam», «naam van het bureau»,
            and «naam van» for the respondent, who is called differently in every questionnaire.
    """
    texts = standing.questionnaire.texts
    spoken = (standing.route.pipe(paragraph) for paragraph in texts.phone.introduction)
    paragraphs = tuple(_with_names(paragraph, names or {}) for paragraph in spoken)
    return Page(title=standing.route.pipe(texts.introduction.title), text=paragraphs)


def _with_names(paragraph: str, names: Mapping[str, str]) -> str:
    def name(found: re.Match[str]) -> str:
        return next((known for words, known in names.items() if known and found[1].startswith(words)), found[0])

    return _PLACE_FOR_NAME.sub(name, paragraph)


def with_instructions(page: QuestionPage, standing: Standing, screen: Screen) -> QuestionPage:
    """The page with, before each question, what the interviewer does with it: read out, do not read out, probe."""
    template = environment(SOURCE_LANGUAGE).get_template("office/instruction.html")
    fields = tuple(
        replace(field, html=Markup(template.render(text=presented.interviewer)) + field.html)  # noqa: S704
        for field, presented in zip(page.fields, map(standing.route.presented, screen.asked), strict=True)
    )
    return replace(page, fields=fields)


def in_dutch(sitting: Sitting, screen: Screen) -> tuple[Question, ...]:
    """The questions of a screen in the Dutch words that theirs are a translation of; none when they are Dutch."""
    if sitting.language == SOURCE_LANGUAGE:
        return ()
    dutch = route(sitting.definition.wordings[sitting.wording].spoken, sitting.answers, sitting.facts)
    wanted = {asked.question.code for asked in screen.asked}
    return tuple(dutch.presented(asked) for asked in dutch.asked if asked.question.code in wanted)


def on_the_web(connection: Connection, case_id: int) -> datetime | None:
    """When somebody last opened or answered the questionnaire on the web, if that is no more than a quarter ago."""
    answered = sa.select(sa.func.max(answer_table.c.answered_at)).where(
        answer_table.c.case_id == case_id, answer_table.c.mode == "web"
    )
    began = sa.select(interview_table.c.started_at).where(
        interview_table.c.case_id == case_id, interview_table.c.mode == "web"
    )
    opened = sa.select(case_table.c.opened_at).where(case_table.c.id == case_id)
    moments = [connection.execute(statement).scalar() for statement in (answered, began, opened)]
    last = max((moment for moment in moments if moment is not None), default=None)
    return last if last is not None and now() - last < STILL_THERE else None
