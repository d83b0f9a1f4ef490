"""Waves, providers and participations: made once, found by label and slug."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database import insert
from app.definition.yaml_source import MAX_BYTES, Faulty, read_yaml
from app.errors import Conflict, Invalid, NotFound
from app.fieldwork.rules import WaveRules, read_rules
from app.fieldwork.tables import Participation, Provider, Wave

LABEL = re.compile(r"[^\W_][\w .–-]{0,39}")
MAX_NAME = 200
MAX_SLUG = 80
MAX_LISTED = 12
NOTHING = ("", "~", "null")  # how YAML authors write "none"
# Letters that have no accent to take off.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_wave = Wave.__table__  # type: ignore[attr-defined]
_provider = Provider.__table__  # type: ignore[attr-defined]
_participation = Participation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class KnownWave:
    """A stored wave with its rules read."""

    id: int
    label: str
    starts_on: date
    ends_on: date
    seed: int
    rules: WaveRules


@dataclass(frozen=True)
class KnownProvider:
    """A stored provider."""

    id: int
    slug: str
    name: str


def read_rules_file(path: Path, starts_on: date) -> WaveRules:
    """The rules in a YAML file, over the shipped ones of the wave's first year.

    Raises:
        Invalid: naming file, line and what to mend.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Invalid(f"{path} is larger than {MAX_BYTES // 1000} kB; give a file with the rules of one wave")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror}); give the path of a YAML file with rules") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not UTF-8 text; save it as UTF-8") from None
    try:
        source = read_yaml(str(path), text)
    except Faulty as faulty:
        raise Invalid(str(faulty.faults[0])) from None
    try:
        return read_rules(_with_nothing(source.tree), starts_on)
    except Invalid as error:
        raise Invalid(f"{path}: {error}") from None


def _with_nothing(value: Any) -> Any:
    """The tree with every written null as None; all other scalars stay text."""
    if isinstance(value, dict):
        return {key: _with_nothing(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_nothing(part) for part in value]
    return None if value in NOTHING else value


def create_wave(connection: Connection, label: str, starts_on: date, ends_on: date, rules: WaveRules) -> int:
    """Makes a wave; draws the seed that its samples will follow.

    Raises:
        Invalid: when the label or the dates cannot be used.
        Conflict: when there is a wave with this label.
    """
    label = label.strip()
    if not LABEL.fullmatch(label):
        raise Invalid(
            f"«{label[:60]}» cannot be the label of a wave; use 1 to 40 letters, digits, spaces, points and hyphens, "
            "like 2024 or 2024-najaar"
        )
    if ends_on < starts_on:
        raise Invalid(f"the wave would end ({ends_on}) before it starts ({starts_on}); swap --from and --to")
    if connection.execute(sa.select(_wave.c.id).where(_wave.c.label == label)).first():
        raise Conflict(f"there is a wave «{label}» already; take another label")
    values = {
        "label": label,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "rules": rules.model_dump(mode="json"),
        "seed": secrets.randbits(31),
    }
    return _new_id(connection.execute(sa.insert(_wave).values(values)))


def find_wave(connection: Connection, label: str) -> KnownWave:
    """The wave with this label.

    Raises:
        NotFound: naming the waves there are.
    """
    columns = (_wave.c.id, _wave.c.label, _wave.c.starts_on, _wave.c.ends_on, _wave.c.seed, _wave.c.rules)
    row = connection.execute(sa.select(*columns).where(_wave.c.label == label)).first()
    if row is None:
        known = _listed(connection, _wave.c.label)
        raise NotFound(f"there is no wave «{label[:60]}»; {known or 'make one with: peilwijs wave create'}")
    rules = WaveRules.model_validate(row.rules)
    return KnownWave(row.id, row.label, row.starts_on, row.ends_on, row.seed, rules)


def slug_of(name: str) -> str:
    """A name in lower-case ASCII with hyphens: `Werkpad B.V.` → `werkpad-b-v`."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN_LETTERS))
    plain = decomposed.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['`]", "", plain)).strip("-")[:MAX_SLUG].rstrip("-")


def has_hidden_signs(name: str) -> bool:
    """Whether a name holds what no line of text can: tabs, line breaks, control and direction characters."""
    return any(
        unicodedata.category(sign) in ("Zl", "Zp") or unicodedata.category(sign)[0] == "C" for sign in name.strip()
    )


def add_provider(connection: Connection, name: str) -> str:
    """Adds a provider and returns its slug.

    Raises:
        Invalid: when no slug can be made of the name, or it holds a character that nobody can see.
        Conflict: when there is a provider with this slug.
    """
    if has_hidden_signs(name):
        raise Invalid(
            "the name holds a control character, such as a tab or a line break; type it again, in one line of text"
        )
    name = " ".join(name.split())
    slug = slug_of(name)
    if not slug or len(name) > MAX_NAME:
        raise Invalid(f"«{name[:60]}» cannot be a provider's name; use up to {MAX_NAME} characters, with letters a-z")
    if connection.execute(sa.select(_provider.c.id).where(_provider.c.slug == slug)).first():
        raise Conflict(f"there is a provider «{slug}» already; use it, or add a place to the name")
    connection.execute(sa.insert(_provider).values(slug=slug, name=name))
    return slug


def find_provider(connection: Connection, slug: str) -> KnownProvider:
    """The provider with this slug.

    Raises:
        NotFound: naming the providers there are.
    """
    row = connection.execute(
        sa.select(_provider.c.id, _provider.c.slug, _provider.c.name).where(_provider.c.slug == slug)
    ).first()
    if row is None:
        known = _listed(connection, _provider.c.slug)
        raise NotFound(f"there is no provider «{slug[:80]}»; {known or 'add one with: peilwijs provider add'}")
    return KnownProvider(row.id, row.slug, row.name)


def find_participation(connection: Connection, wave_id: int, provider_id: int) -> int | None:
    """The id of a provider's participation in a wave, if it takes part."""
    found: int | None = connection.scalar(
        sa.select(_participation.c.id).where(
            _participation.c.wave_id == wave_id, _participation.c.provider_id == provider_id
        )
    )
    return found


def participate(connection: Connection, wave_id: int, provider_id: int) -> int:
    """The id of a provider's participation in a wave, made when it is not there yet."""
    values = {"wave_id": wave_id, "provider_id": provider_id, "phone_option": "none"}
    connection.execute(insert(connection, _participation).values(values).on_conflict_do_nothing())
    found = find_participation(connection, wave_id, provider_id)
    if found is None:
        raise NotFound("the wave or the provider was removed in the meantime; nothing was stored")
    return found


def _listed(connection: Connection, column: sa.Column[str]) -> str:
    names = list(connection.scalars(sa.select(column).order_by(column).limit(MAX_LISTED + 1)))
    shown = ", ".join(names[:MAX_LISTED]) + (", …" if len(names) > MAX_LISTED else "")
    return f"there {'is' if len(names) == 1 else 'are'}: {shown}" if names else ""


def _new_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave no id for a new row")
    return int(key[0])
