"""Weeks of telephoning in memory, in two orders."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.fieldwork.rules import shipped_rules
from app.simulation.phone import Order, simulate_phone
from tests.factories.cases import make_participation

ORDERS: tuple[Order, ...] = ("ours", "fifo")
RULES = shipped_rules(date(2026, 1, 1))


def test_the_same_seed_gives_the_same_weeks() -> None:
    assert simulate_phone(RULES, 3, "ours", n_weeks=1, n_providers=10) == simulate_phone(
        RULES, 3, "ours", n_weeks=1, n_providers=10
    )


def test_our_queue_brings_more_providers_to_their_norm_over_several_draws() -> None:
    """Not in every draw: where too few calls can be made, time goes to providers that do not get there anyway."""
    there = {
        order: sum(simulate_phone(RULES, seed, order, n_agents=1, n_providers=30).n_there for seed in range(1, 5))
        for order in ORDERS
    }
    assert there["ours"] > there["fifo"]


def test_with_enough_agents_nobody_is_called_for_ever() -> None:
    ours = simulate_phone(RULES, 1, "ours", n_weeks=6, n_agents=8, n_providers=10)
    again = simulate_phone(RULES, 1, "ours", n_weeks=8, n_agents=8, n_providers=10)
    assert ours.n_calls == again.n_calls


def test_the_command_prints_both(database: str, cli: Callable[..., Any]) -> None:
    make_participation()
    told = cli("simulate", "--wave", "2026", "--seed", "1", "--phone", "--weeks", "1")
    assert told.exit_code == 0
    assert "our queue" in told.stdout
    assert "share of providers that reach their norm" in told.stdout
