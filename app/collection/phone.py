"""What an interviewer needs beside the pages that a respondent sees: the introduction script, and instructions."""

from dataclasses import replace

from markupsafe import Markup

from app.collection.contexts import QuestionPage
from app.collection.standing import Standing
from app.definition.questionnaire import Page
from app.engine.screens import Screen
from app.language import SOURCE_LANGUAGE
from app.web.pages import environment


def script(standing: Standing) -> Page:
    """What the interviewer says before the first question, in place of the introduction that people read."""
    texts = standing.questionnaire.texts
    paragraphs = tuple(standing.route.pipe(paragraph) for paragraph in texts.phone.introduction)
    return Page(title=standing.route.pipe(texts.introduction.title), text=paragraphs)


def with_instructions(page: QuestionPage, standing: Standing, screen: Screen) -> QuestionPage:
    """The page with, before each question, what the interviewer does with it: read out, do not read out, probe."""
    template = environment(SOURCE_LANGUAGE).get_template("office/instruction.html")
    fields = tuple(
        replace(field, html=Markup(template.render(text=presented.interviewer)) + field.html)  # noqa: S704
        for field, presented in zip(page.fields, map(standing.route.presented, screen.asked), strict=True)
    )
    return replace(page, fields=fields)
