"""Figures of one of 500 providers with their benchmark, over 100,000 interviews with 3,000,000 answers."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from app.collection import versions
from app.collection.tables import Answer, Interview
from app.collection.versions import store_version
from app.database import not_waiting_for_disk, reading, refresh_statistics, writing
from app.definition.facts import Facts
from app.definition.questionnaire import Questionnaire
from app.engine.route import route
from app.fieldwork.tables import Case, random_id
from app.fieldwork.waves import find_wave
from app.questions.grade import Grade
from app.results.figures.refresh import refresh
from app.results.figures.sections import sections_of
from bench.figures import Figure
from bench.stage import WAVE, make_participation, make_wave, stage

N_PROVIDERS = 500
N_INTERVIEWS = 200  # per provider
N_CHANGED = 200  # interviews that change between two looks, over the whole wave
SERVICES = (1, 3, 5, 7, 8, 9)
WORDINGS = ("regular", "regular", "regular", "low_threshold")
LANGUAGES = ("nl", "nl", "nl", "nl", "en", "ar")
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
_case = Case.__table__  # type: ignore[attr-defined]
_interview = Interview.__table__  # type: ignore[attr-defined]
_answer = Answer.__table__  # type: ignore[attr-defined]
Answers = dict[str, str]


def run(full: bool) -> Iterator[Figure]:
    """The first count, a later one, and one provider's figures."""
    n_providers = N_PROVIDERS if full else N_PROVIDERS // 5
    with stage("counting"):
        make_wave()
        with not_waiting_for_disk():
            _fill(Random(1), n_providers)
        refresh_statistics()
        with reading() as connection:
            wave_id = find_wave(connection, WAVE).id
            n_answers = connection.scalar(sa.select(sa.func.count()).select_from(_answer))
        first_seconds = _seconds(lambda: refresh(wave_id))
        _change(Random(2))
        again_seconds = _seconds(lambda: refresh(wave_id))
        cold_seconds = _seconds(_look)
        warm_seconds = min(_seconds(_look) for _ in range(10))
        filtered_seconds = min(_seconds(lambda: _look(service=9)) for _ in range(3))
    detail = {
        "n_providers": n_providers,
        "n_answers": n_answers,
        "cold_ms": cold_seconds * 1000,
        "by_service_ms": filtered_seconds * 1000,
    }
    per_100_000 = first_seconds * N_PROVIDERS / n_providers
    yield Figure("first count of 100,000 interviews for figures", per_100_000, "s", "at most", 120, detail)
    yield Figure(f"counting {N_CHANGED} changed interviews", again_seconds, "s", "at most", 20, detail)
    yield Figure("figures of one provider with benchmark", warm_seconds * 1000, "ms", "at most", 100, detail)


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _look(**wanted: Any) -> None:
    with reading() as connection:
        assert sections_of(connection, WAVE, "provider-50", **wanted)


def _fill(random: Random, n_providers: int) -> None:
    definition = versions.current("arbeid-2022")
    with writing() as connection:
        version = store_version(connection, definition)
    walks = {
        (service, wording): [_walk(definition.wordings[wording], service, random) for _ in range(60)]
        for service in SERVICES
        for wording in set(WORDINGS)
    }
    for number in range(n_providers):
        participation_id = make_participation(f"Provider {number}")
        cases, interviews, answers = [], [], []
        for _ in range(N_INTERVIEWS):
            service, wording = random.choice(SERVICES), random.choice(WORDINGS)
            case, interview = _rows(participation_id, service, wording, version, random)
            cases.append(case)
            interviews.append(interview)
            shared = {key: interview[key] for key in ("case_id", "mode", "language", "wording")}
            walk = random.choice(walks[service, wording])
            answers += [shared | {"code": code, "value": value, "answered_at": MOMENT} for code, value in walk.items()]
        with writing() as connection:
            connection.execute(sa.insert(_case), cases)
            connection.execute(sa.insert(_interview), interviews)
            connection.execute(sa.insert(_answer), answers)


def _walk(questionnaire: Questionnaire, service: int, random: Random) -> Answers:
    """Somebody's answers, question by question along the route."""
    answers: Answers = {"had_contact": "yes"}
    facts = Facts(service, None, questionnaire.wording, "web")
    for step in questionnaire.steps:
        question = step.question
        if question.options:
            answers.setdefault(question.code, random.choice(question.options).code)
        elif isinstance(question, Grade):
            answers[question.code] = random.choice(("5", "6", "7", "7.5", "8", "9", "10"))
    return {code: value for code, value in route(questionnaire, answers, facts).counted.items() if value}


def _rows(
    participation_id: int, service: int, wording: str, version: str, random: Random
) -> tuple[dict[str, Any], dict[str, Any]]:
    case_id, language = random_id(), random.choice(LANGUAGES)
    case = {
        "id": case_id,
        "participation_id": participation_id,
        "kind": "client",
        "service": service,
        "wording": wording,
        "language": language,
        "wants_phone": False,
        "is_self_reporter": False,
        "disposition": "finished",
    }
    interview = {
        "case_id": case_id,
        "version_hash": version,
        "wording": wording,
        "mode": random.choice(("web", "web", "phone")),
        "language": language,
        "started_at": MOMENT,
        "changed_at": MOMENT,
        "finished_at": MOMENT,
        "is_usable": random.random() < 0.9,
        "grade_tenths": random.randint(40, 100),
        "role": random.choice(("promoter", "neutral", "detractor")),
    }
    return case, interview


def _change(random: Random) -> None:
    with writing() as connection:
        ids = connection.scalars(sa.select(_interview.c.case_id)).all()
        chosen = random.sample(ids, N_CHANGED)
        mine = _interview.c.case_id.in_(chosen)
        later = MOMENT + timedelta(minutes=1)
        connection.execute(sa.update(_interview).where(mine).values(changed_at=later))
