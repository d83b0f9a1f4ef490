"""Posted forms of the studio, with and without a sound in them."""

import re
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from app.speech.recordings import MAX_FILE_MB
from app.web.guards import LargerBody

# the only address that takes more than a form: a sound of the largest size, and what a browser packs around it
UPLOAD = LargerBody(re.compile(r"/kantoor/studio/[a-z]{2,3}/[0-9a-f]{16}/opname"), MAX_FILE_MB * 1024 * 1024 + 16_384)
MAX_FIELDS = 8


async def _posted(request: Request) -> FormData:
    return await request.form(max_files=1, max_fields=MAX_FIELDS)


async def _sound(request: Request) -> bytes:
    """The recorded or chosen file; empty when none was sent."""
    file = (await request.form(max_files=1, max_fields=MAX_FIELDS)).get("geluid")
    return await file.read() if isinstance(file, UploadFile) else b""


Posted = Annotated[FormData, Depends(_posted)]
Sound = Annotated[bytes, Depends(_sound)]
