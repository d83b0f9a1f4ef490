"""The mailbox of the demo: every e-mail that would have gone out, as plain text and as HTML."""

import base64
import hashlib
import html
import re

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.channels.mailbox import newest, one
from app.settings import settings
from app.web.access import Access, access
from app.web.guards import POLICY
from app.web.pages import page

router = APIRouter()  # part of the office in the demo only
N_SHOWN = 200
FRAMES = {"content-security-policy": POLICY + "; frame-src 'self'"}


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
    text = one(settings().var_folder / "mailbox", name).html.replace("<head>", '<head><base target="_blank">', 1)
    policy = (
        f"default-src 'none'; style-src 'unsafe-hashes' {' '.join(style_hashes(text))}; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return HTMLResponse(text, headers={"content-security-policy": policy, "x-frame-options": "SAMEORIGIN"})


def style_hashes(text: str) -> list[str]:
    """Of every style of a page, for a policy that allows these and no others."""
    attributes = (html.unescape(found) for found in re.findall(r'\sstyle="([^"]*)"', text))
    styles = dict.fromkeys([*attributes, *re.findall(r"<style>(.*?)</style>", text, re.DOTALL)])
    return [f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" for style in styles]
