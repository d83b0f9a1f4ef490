"""GET /geluid/<language>/<hash>.mp3: one clip, or several joined: `<hash>+<hash>.mp3`.

All clips are MP3 of one sample rate and constant bit rate without headers of their own, so files set one after the
other are again an MP3. Clips are named after their content: browsers may keep them for ever. Parts of a file are sent
on request, because some browsers play nothing without.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from app.speech.clips import JOINT, MAX_JOINED, folder_of
from app.speech.manifest import HASH_DIGITS

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_HASH = re.compile(rf"[0-9a-f]{{{HASH_DIGITS}}}")
_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
CACHING = {"Cache-Control": "public, max-age=31536000, immutable"}


def serve(request: Request) -> Response:
    """The clip, a part of it, or 404: the page then reads with the browser's own voice."""
    language, name = request.path_params["language"], request.path_params["name"]
    content = _joined(language, name)
    if content is None:
        return Response("not found", 404, media_type="text/plain")
    tag = f'"{name.removesuffix(".mp3")}"'
    headers = {**CACHING, "ETag": tag, "Accept-Ranges": "bytes"}
    if _is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range", "")
    if request.headers.get("if-range", tag) != tag:
        wanted = ""
    return _answer(content, _span(wanted, len(content)), headers, is_head=request.method == "HEAD")


def _answer(content: bytes, span: tuple[int, int] | None, headers: dict[str, str], is_head: bool) -> Response:
    """All of it, the part from `span`, or a refusal of a part that does not exist."""
    status = 200
    if span:
        first, last = span
        if first > last:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{len(content)}"})
        headers = {**headers, "Content-Range": f"bytes {first}-{last}/{len(content)}"}
        status, content = 206, content[first : last + 1]
    headers = {**headers, "Content-Length": str(len(content))}
    return Response(b"" if is_head else content, status, headers, media_type="audio/mpeg")


def _joined(language: str, name: str) -> bytes | None:
    """The clips of an address one after the other; None when it is no address of ours or a file is gone."""
    hashes = name.removesuffix(".mp3").split(JOINT)
    well_formed = _LANGUAGE.fullmatch(language) and name.endswith(".mp3") and len(hashes) <= MAX_JOINED
    if not well_formed or not all(map(_HASH.fullmatch, hashes)):
        return None
    folder = folder_of(language)
    try:
        return b"".join((folder / f"{one}.mp3").read_bytes() for one in hashes)
    except OSError:
        return None


def _is_known(header: str, tag: str) -> bool:
    """Whether the browser has this very clip: If-None-Match."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in header.split(",")) if header else False


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of one asked part; None = all. First after last = a part that does not exist."""
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if not found or found[0] == "bytes=-":
        return None  # several parts, or something else: all of it is always a right answer
    if not found[1]:
        n_last = min(int(found[2]), size)
        return (size - n_last, size - 1) if n_last else (1, 0)
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None  # not a range at all
    return (first, last) if first < size else (1, 0)
