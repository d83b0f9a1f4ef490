"""An e-mail shown in the office as mail programs show it: in a frame, without scripts or anything from elsewhere."""

import base64
import hashlib
import html
import re

from starlette.responses import HTMLResponse, Response

from app.web.guards import POLICY

# of the page around the frame
FRAMES = {"content-security-policy": POLICY + "; frame-src 'self'"}


def in_frame(text: str) -> Response:
    """The HTML part of an e-mail as the content of a frame; its links open in a new tab."""
    text = text.replace("<head>", '<head><base target="_blank">', 1)
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
