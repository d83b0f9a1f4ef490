"""Loops: filters that look at each other, directly or through others."""

from collections.abc import Iterator, Mapping

from app.definition.filters import names_in, parse_filter
from app.definition.questionnaire import Texts

Graph = dict[str, set[str]]


def loops(texts: Texts) -> dict[str, tuple[str, ...]]:
    """Per question or `question.option` in a loop: the codes of that loop, in order.

    Filters look at earlier questions, so a loop holds at least one filter that looks at its own question or
    a later one: only there the search starts.
    """
    graph, order = _graph(texts)
    backwards: Graph = {}
    for node, looked_at in graph.items():
        for other in looked_at:
            backwards.setdefault(other, set()).add(node)
    found: dict[str, tuple[str, ...]] = {}
    for node, looked_at in graph.items():
        if node not in found and any(order[other] >= order[node] for other in looked_at):
            members = _reached(graph, node) & _reached(backwards, node)
            codes = tuple(code for code in order if code in members and not code.startswith("="))
            found.update(dict.fromkeys(codes, codes))
    return found


def _graph(texts: Texts) -> tuple[Graph, Mapping[str, int]]:
    """What is decided by what: `q` whether it is asked, `q.o` whether an option is on offer, `=q` its answer."""
    owners = {
        name: question.code
        for block in texts.blocks
        for question in block.questions
        for name in question.answer_codes()
    }
    graph: Graph = {}
    order: dict[str, int] = {}

    def looked_at(*filters: str) -> Iterator[str]:
        for source in filters:
            for name in names_in(parse_filter(source)) if source else ():
                if name in owners:
                    yield f"={owners[name]}"

    for block in texts.blocks:
        for question in block.questions:
            answer = f"={question.code}"
            options = {f"{question.code}.{option.code}": option.asked_if for option in question.options}
            graph[question.code] = set(looked_at(block.asked_if, question.asked_if))
            graph[answer] = {question.code, *(code for code, source in options.items() if source)}
            for code, source in options.items():
                graph[code] = {question.code, *looked_at(source)}
            for node in (question.code, *options, answer):
                order[node] = len(order)
    return graph, order


def _reached(graph: Graph, start: str) -> set[str]:
    """Everything that can be reached from a node, and from which one comes back only when it is in there itself."""
    found: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.get(node, ())
    return found
