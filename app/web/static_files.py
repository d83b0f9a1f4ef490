"""Static files: read once, addressed by content hash, kept by browsers for a year, compressed beforehand."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from app.settings import ROOT

FOLDER = ROOT / "app" / "static"
BUNDLES = {"pages.js": ("htmx.min.js", "peilwijs.js")}  # one request instead of two
PUBLISHED = (".css", ".js", ".woff2", ".svg", ".txt")


@dataclass(frozen=True)
class StaticFile:
    content: bytes
    compressed: bytes | None
    media_type: str
    hash: str


@cache
def _files() -> dict[str, StaticFile]:
    found = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in PUBLISHED}
    for name, parts in BUNDLES.items():
        found[name] = b";\n".join(found.pop(part) for part in parts)
    files: dict[str, StaticFile] = {}
    # stylesheets come last: they name other files and must carry those files' hashes
    for name in sorted(found, key=lambda name: (name.endswith(".css"), name)):
        content = found[name]
        if name.endswith(".css"):
            for other, file in files.items():
                content = content.replace(f'url("{other}")'.encode(), f'url("{_address(other, file)}")'.encode())
        compressed = None if name.endswith(".woff2") else gzip.compress(content, 9, mtime=0)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        files[name] = StaticFile(content, compressed, media_type, hashlib.sha256(content).hexdigest()[:12])
    return files


def _address(name: str, file: StaticFile) -> str:
    return f"/static/{file.hash}/{name}"


@cache
def address(name: str) -> str:
    """The address of a static file, with its content hash.

    Raises:
        KeyError: when there is no such file.
    """
    return _address(name, _files()[name])


async def serve(request: Request) -> Response:
    """GET /static/{hash}/{name}."""
    file = _files().get(request.path_params["name"])
    if file is None or file.hash != request.path_params["hash"]:
        return Response("not found", 404, media_type="text/plain")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if file.compressed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.compressed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)
