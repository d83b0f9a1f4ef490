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
PUBLISHED = (".css", ".js", ".woff2", ".svg", ".txt")


@dataclass(frozen=True)
class StaticFile:
    content: bytes
    compressed: bytes | None
    media_type: str
    hash: str


@cache
def _files() -> dict[str, StaticFile]:
    files: dict[str, StaticFile] = {}
    # stylesheets come last: they name other files and must carry those files' hashes
    for path in sorted(FOLDER.iterdir(), key=lambda path: (path.suffix == ".css", path.name)):
        if path.suffix not in PUBLISHED:
            continue
        content = path.read_bytes()
        if path.suffix == ".css":
            for name, file in files.items():
                content = content.replace(f'url("{name}")'.encode(), f'url("{_address(name, file)}")'.encode())
        compressed = None if path.suffix == ".woff2" else gzip.compress(content, 9, mtime=0)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        files[path.name] = StaticFile(content, compressed, media_type, hashlib.sha256(content).hexdigest()[:12])
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
