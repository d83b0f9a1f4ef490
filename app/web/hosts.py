"""Under which names this installation may be asked. A page asked for under another name is somebody else's affair:
a wrong setting of a proxy, or a trick to get our pages, cookies or links under a stranger's name.
"""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from app.settings import LOCAL_HOSTS, settings

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
ALWAYS = "/gezond"  # load balancers ask by number; it shows nothing


def own_hosts() -> frozenset[str] | None:
    """The names of the settings; None where any will do: in a demo, on the own machine, without https."""
    public = urlsplit(settings().public_url)
    if settings().is_demo or not settings().is_https or public.hostname in LOCAL_HOSTS:
        return None
    return frozenset(host_in(address) for address in (settings().public_url, settings().office_address))


def host_in(address: str) -> str:
    """The host of an address as a browser sends it: without the port that goes without saying."""
    parts = urlsplit(address)
    return _plain(parts.netloc.rpartition("@")[2], parts.scheme)


def host_of(scope: MutableMapping[str, Any]) -> str:
    """The host that a request names; "" when it names none, or several."""
    named = [value for name, value in scope["headers"] if name == b"host"]
    return _plain(named[0].decode("latin-1"), "https" if settings().is_https else "http") if len(named) == 1 else ""


def is_stranger(scope: MutableMapping[str, Any], hosts: frozenset[str] | None) -> bool:
    """Whether a request names a host that is not ours."""
    return hosts is not None and scope["path"] != ALWAYS and host_of(scope) not in hosts


def _plain(host: str, scheme: str) -> str:
    return host.lower().removesuffix(DEFAULT_PORTS.get(scheme, ""))
