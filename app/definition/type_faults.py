"""What the typed models refuse, as sentences for a questionnaire author."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from app.definition.yaml_source import Path

_SENTENCES = {
    "missing": "«{name}» is missing here",
    "extra_forbidden": "«{name}» is not a field that belongs here; check its spelling and the question type",
    "string_pattern_mismatch": "«{value}» is not a good code: small letters, digits and underscores, "
    "a letter first, at most 40 characters",
    "string_too_short": "«{name}» is empty; write its text",
    "string_too_long": "«{name}» is too long; {limit} characters is the most",
    "literal_error": "«{value}» is not allowed for «{name}»; choose {expected}",
    "tuple_type": "«{name}» must be a list",
    "string_type": "«{name}» must be a text",
    "int_parsing": "«{name}» must be a whole number, not «{value}»",
    "int_parsing_size": "«{name}» is too large a number",
    "int_type": "«{name}» must be a whole number",
    "bool_parsing": "«{name}» must be true or false, not «{value}»",
    "bool_type": "«{name}» must be true or false",
    "mapping_type": "under «{name}» stand named fields, like «code: …»",
    "model_type": "under «{name}» stand named fields, like «text: …»",
    "dict_type": "under «{name}» stand named fields, like «text: …»",
    "model_attributes_type": "under «{name}» stand named fields, like «text: …»",
}


def type_faults(error: ValidationError) -> Iterable[tuple[Path, str]]:
    """Path and sentence of everything the models refuse."""
    for item in error.errors(include_url=False):
        path = tuple(part for part in item["loc"] if part != "[key]")
        yield path, _sentence(path, item)


def _sentence(path: Path, item: Any) -> str:
    value = str(item.get("input", ""))[:60]
    name = next((part for part in reversed(path) if isinstance(part, str)), "the file")
    if item["loc"][-1:] == ("[key]",) and len(path) > 1:
        name = str(path[-2])
    if item["type"] == "tuple_type" and name == "options" and isinstance(item.get("input"), str):
        return f"there is no option set «{value}»; write it under option_sets, or write the options here as a list"
    context = item.get("ctx") or {}
    sentence = _SENTENCES.get(item["type"])
    if sentence is None:
        # our own sentences; never a template, for they may quote the author's braces
        return str(item["msg"]).removeprefix("Value error, ")
    return sentence.format(
        name=name[:60], value=value, expected=context.get("expected", ""), limit=context.get("max_length", "")
    )
