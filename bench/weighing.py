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
FONT = ".woff2"  # in a stylesheet: fetched only by pages with letters of that font, and those pages say so
# Dutch, and what is furthest from it: more letters than Latin has, from right to left
LANGUAGES = {"nl": "", "ar": ", in Arabic", "ti": ", in Tigrinya"}


def run(full: bool) -> Iterator[Figure]:
    """Each page of a whole interview in both wordings: as a first visit, and as the next page by htmx."""
    with stage("weighing") as folder:
        make_wave()
        participation = make_participation("Werkpad")
        tokens = {language: list(make_cases(participation, 8, language)) for language in LANGUAGES}
        with serving(folder) as server:
            weighed = {
                language: [asyncio.run(_weigh(server, token, language)) for token in tokens[language]]
                for language in LANGUAGES
            }
    for language, words in LANGUAGES.items():
        yield from _figures(weighed[language], words)


def _figures(weights: list["_Weighed"], words: str) -> Iterator[Figure]:
    following: dict[str, int] = {}
    for weighed in weights:
        for path, n_bytes in weighed.following.items():
            following[path] = max(following.get(path, 0), n_bytes)
    first, n_requests = max(weighed.first for weighed in weights), max(weighed.n_requests for weighed in weights)
    heaviest = max(following, key=lambda path: following[path])
    yield Figure(f"weight of a question page, first visit{words}", first / 1000, "kB", "at most", 80)
    yield Figure("the same: requests", n_requests, "", "at most", 8)
    detail = {"heaviest": heaviest, "mean_kb": sum(following.values()) / len(following) / 1000}
    yield Figure(f"weight of a next page, the heaviest{words}", following[heaviest] / 1000, "kB", "at most", 8, detail)


@dataclass
class _Weighed:
    """Bytes of the heaviest first visit with all it needs, and per address of the page as htmx gets it."""

    first: int = 0
    n_requests: int = 0
    following: dict[str, int] = field(default_factory=dict)


async def _weigh(server: Server, token: str, language: str) -> _Weighed:
    log = Log()
    respondent = Respondent(server.url, token, log, as_fast_as_possible, is_htmx=True)
    await respondent.fill_in()
    connection = Connection(server.url, respondent.connection.cookies)
    weighed = _Weighed()
    for path in log.seen:
        if path.startswith("/vragenlijst/"):
            page = await connection.get(path)
            if f'<html lang="{language}"' not in page.text:
                raise SystemExit(f"{path} is not in {language}: are all its texts translated?")
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
                wanted |= {found for found in _IN_STYLE.findall(style) if FONT not in found}
    return list(fetched.values())
