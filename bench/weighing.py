"""What a question page weighs over the wire, headers and all."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.connection import Connection, Response
from bench.figures import Figure
from bench.respondents import HTMX, Log, Respondent, as_fast_as_possible
from bench.stage import Server, make_cases, make_participation, make_wave, serving, stage

_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_IN_STYLE = re.compile(r'url\("(/static/[^"]+)"\)')
RARE = "latin-ext"  # a font that browsers fetch only for letters that Dutch pages do not have


def run(full: bool) -> Iterator[Figure]:
    """Each page of a whole interview in both wordings: as a first visit, and as the next page by htmx."""
    with stage("weighing") as folder:
        make_wave()
        tokens = list(make_cases(make_participation("Werkpad"), 8))
        with serving(folder) as server:
            weights = [asyncio.run(_weigh(server, token)) for token in tokens]
    following: dict[str, int] = {}
    for weighed in weights:
        for path, n_bytes in weighed.following.items():
            following[path] = max(following.get(path, 0), n_bytes)
    first, n_requests = max(weighed.first for weighed in weights), max(weighed.n_requests for weighed in weights)
    heaviest = max(following, key=lambda path: following[path])
    yield Figure("weight of a question page, first visit", first / 1000, "kB", "at most", 80)
    yield Figure("the same: requests", n_requests, "", "at most", 8)
    detail = {"heaviest": heaviest, "mean_kb": sum(following.values()) / len(following) / 1000}
    yield Figure("weight of a next page, the heaviest", following[heaviest] / 1000, "kB", "at most", 8, detail)


@dataclass
class _Weighed:
    """Bytes of the heaviest first visit with all it needs, and per address of the page as htmx gets it."""

    first: int = 0
    n_requests: int = 0
    following: dict[str, int] = field(default_factory=dict)


async def _weigh(server: Server, token: str) -> _Weighed:
    log = Log()
    respondent = Respondent(server.url, token, log, as_fast_as_possible, is_htmx=True)
    await respondent.fill_in()
    connection = Connection(server.url, respondent.connection.cookies)
    weighed = _Weighed()
    for path in log.seen:
        if path.startswith("/vragenlijst/"):
            page = await connection.get(path)
            files = await _files(connection, page)
            weighed.first = max(weighed.first, page.n_bytes + sum(file.n_bytes for file in files))
            weighed.n_requests = max(weighed.n_requests, 1 + len(files))
            weighed.following[path] = (await connection.get(path, HTMX)).n_bytes
    await connection.close()
    return weighed


async def _files(connection: Connection, page: Response) -> list[Response]:
    """Everything static that a page needs, also what its stylesheet names."""
    wanted = set(_STATIC.findall(page.text))
    fetched: dict[str, Response] = {}
    while todo := sorted(wanted - fetched.keys()):
        for address in todo:
            fetched[address] = await connection.get(address)
            if address.endswith(".css"):
                style = gzip.decompress(fetched[address].body).decode()
                wanted |= {found for found in _IN_STYLE.findall(style) if RARE not in found}
    return list(fetched.values())
