"""The HTML of one question, made once for all respondents who see it empty.

A page on the way forward holds empty fields, and those are the same for everybody with the same provider; so they
are rendered once and kept. A field with something filled in, or with an error, is rendered for its one respondent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from app.questions.question import Question
from app.speech import clips
from app.web.pages import environment

MAX_KEPT = 4096
_kept: dict[tuple[int, str, bool, bool, tuple[int, int]], tuple[Question, Markup]] = {}


@dataclass(frozen=True)
class Field:
    """One question as it stands on the page: its words, what is filled in, and what is wrong with it."""

    question: Question
    values: Mapping[str, tuple[str, ...]]  # field name → what is filled in
    errors: Mapping[str, str]  # answer code → sentence

    def is_chosen(self, name: str, code: str) -> bool:
        return code in self.values.get(name, ())

    def value(self, name: str) -> str:
        return self.values.get(name, ("",))[0]


def field_html(field: Field, language: str, as_title: bool, is_low_threshold: bool) -> Markup:
    """The field as HTML; `as_title`: the question is the heading of its page."""
    if field.values or field.errors:
        return _rendered(field, language, as_title, is_low_threshold)
    key = (id(field.question), language, as_title, is_low_threshold, clips.version(language))
    if key not in _kept:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        # the question is kept too: as long as it lives, nothing else can have its id
        _kept[key] = (field.question, _rendered(field, language, as_title, is_low_threshold))
    return _kept[key][1]


def _rendered(field: Field, language: str, as_title: bool, is_low_threshold: bool) -> Markup:
    template = environment(language).get_template(f"questions/{field.question.template}")
    context = {
        "field": field,
        "question": field.question,
        "as_title": as_title,
        "is_low_threshold": is_low_threshold,
    }
    return Markup(template.render(context))  # noqa: S704 - the template escapes whatever it prints
