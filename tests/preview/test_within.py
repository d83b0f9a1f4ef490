"""A respondent's page within the preview: everything as it was, but for where forms and links lead."""

from app.preview.setup import OPEN, STEP
from app.preview.within import FIELD, within


def test_a_form_leads_to_a_step_and_takes_the_state_along() -> None:
    page = within('<form id="antwoord" action="/vragenlijst/a" hx-post="/vragenlijst/a" novalidate>', 's"x')
    assert page == (
        f'<form id="antwoord" action="{STEP}/vragenlijst/a" novalidate>'
        f'<input type="hidden" name="{FIELD}" value="s&quot;x">'
    )


def test_a_link_becomes_a_button_that_takes_the_state_along() -> None:
    page = within(
        '<a class="quiet" href="/vragenlijst/a?terug=b&amp;c=d" hx-get="/x" id="b1">Wijzig <b>dit</b></a>', "s"
    )
    assert page == (
        f'<button class="quiet as-link" form="stap" formaction="{OPEN}/vragenlijst/a?terug=b&amp;c=d" id="b1">'
        "Wijzig <b>dit</b></button>"
    )


def test_all_else_stays_as_it_was() -> None:
    page = (
        '<!doctype html><html lang="ar"><!-- x --><p title=\'a "b"\'>1 &lt; 2 &amp; 3 &#39;&eacute;</p><br>'
        '<a href="#fouten">f</a><a href="tel:088">t</a><a href="/static/x.css">s</a><a href="/kantoor/golven">k</a>'
        '<form action="/kantoor/proef/naar"></form><audio src="/geluid/nl/a.mp3"></audio>'
        '<script src="/static/a.js" defer></script><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
        "<textarea>a <b> </textarea></html>"
    )
    assert within(page, "s") == page
