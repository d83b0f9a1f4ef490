"""Tables and figures in the shape that the programming interface answers."""

from collections.abc import Iterable
from fractions import Fraction

from app.language import SOURCE_LANGUAGE, catalogue, one_decimal
from app.results.api import models
from app.results.figures.figure import Bar, Figure, Section
from app.results.keurmerk import KeurmerkTable, Row
from app.results.keurmerk_formats import as_data
from app.results.keurmerk_page import Sentence


def keurmerk(table: KeurmerkTable) -> models.KeurmerkModel:
    """As `peilwijs keurmerk --format json` has it."""
    return models.KeurmerkModel(**as_data(table))


def counts(table: KeurmerkTable) -> models.CountsModel:
    """Without a grade or a verdict."""
    return models.CountsModel(provider=table.provider, wave=table.wave, rows=[_counted(row) for row in table.rows])


def _counted(row: Row) -> models.CountsRow:
    return models.CountsRow(
        group=row.group,
        service=row.service,
        label=row.label,
        net_sample=row.net_sample,
        completed=row.completed,
        response_pct=row.response_pct,
    )


def figures(provider: str | None, wave: str, sections: Iterable[Section]) -> models.FiguresModel:
    """What is hidden on the pages is null here."""
    shaped = [
        models.SectionModel(group=section.group, title=section.title, figures=[_figure(one) for one in section.figures])
        for section in sections
    ]
    return models.FiguresModel(provider=provider, wave=wave, sections=shaped)


def _figure(figure: Figure) -> models.FigureModel:
    return models.FigureModel(
        code=figure.code,
        kind=figure.kind,
        question=figure.question,
        n=None if figure.is_hidden else figure.n,
        benchmark_n=figure.benchmark_n,
        is_hidden=figure.is_hidden,
        min_n=figure.min_n,
        verdict=_words(figure.verdict),
        bars=[] if figure.is_hidden else [_bar(bar) for bar in figure.bars],
    )


def _bar(bar: Bar) -> models.BarModel:
    return models.BarModel(
        code=bar.code,
        label=bar.label,
        n=bar.n,
        pct=bar.pct,
        benchmark_pct=bar.benchmark_pct,
        mean=_mean(bar.mean),
        benchmark_mean=_mean(bar.benchmark_mean),
    )


def _mean(mean: Fraction | None) -> str | None:
    return None if mean is None else one_decimal(mean)


def _words(sentence: Sentence | None) -> str | None:
    if sentence is None:
        return None
    return str(catalogue(SOURCE_LANGUAGE).gettext(sentence.message) % dict(sentence.values))
