"""The mailbox of the demo: every e-mail that would have gone out, as plain text and as HTML."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.channels.mail_shown import FRAMES, in_frame
from app.channels.mailbox import newest, one
from app.settings import settings
from app.web.access import Access, access
from app.web.pages import page

router = APIRouter()  # part of the office in the demo only
N_SHOWN = 200


@router.get("/kantoor/postvak")
@access(Access.OFFICE)
def mailbox(request: Request) -> Response:
    """What came in, newest first."""
    mails, n_all = newest(settings().var_folder / "mailbox", N_SHOWN)
    return page(request, "office/mailbox.html", {"mails": mails, "n_all": n_all})


@router.get("/kantoor/postvak/{name}")
@access(Access.OFFICE)
def opened(request: Request, name: str) -> Response:
    """One e-mail."""
    mail = one(settings().var_folder / "mailbox", name)
    return page(request, "office/mail_opened.html", {"mail": mail}, headers=FRAMES)


@router.get("/kantoor/postvak/{name}/html")
@access(Access.OFFICE)
def as_html(name: str) -> Response:
    """The e-mail as mail programs show it: without scripts or anything from elsewhere, links in a new tab."""
    return in_frame(one(settings().var_folder / "mailbox", name).html)
