"""The accessibility statement: what we test, what does not work yet, and where to complain."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from app.collection.entrance import without_case
from app.collection.language_choice import language_of
from app.collection.visitors import visitor
from app.language import long_date
from app.web.access import Access
from app.web.desk import Desk

desk = Desk(visitor)
STATEMENT = "/toegankelijkheid"
# To be renewed with the statement, which is read through at least once a year.
WRITTEN_ON = date(2026, 11, 22)


@desk.get(STATEMENT, Access.PUBLIC)
def show_statement(request: Request) -> Response:
    """The statement, in the language that was chosen on the pages before."""
    return without_case(request, "accessibility.html", {"written_on": long_date(WRITTEN_ON, language_of(request))})
