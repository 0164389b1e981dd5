"""Reading scenarios: the documented format, and all mistakes at once with their places."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest

from acd.model import Overflow, Ring
from acd.scenario import Distribution, Timed
from acd.scenario_reading import read_scenario, unserved
from acd.scenario_schema import SCHEMA

pytestmark = pytest.mark.pure

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

EXAMPLE: dict[str, Any] = {
    "horizon_seconds": 36000,
    "warmup_seconds": 1800,
    "replications": 20,
    "busyness": {"gamma_shape": 28.7},
    "drain": True,
    "queues": {
        "support": {
            "strategy": "longest-idle",
            "service_level": {"seconds": 20},
            "order": "fcfs",
        }
    },
    "callers": [
        {
            "name": "english",
            "queue": "support",
            "arrivals_per_hour": 100,
            "patience": {"exponential_mean_seconds": 120},
            "patience_zero_probability": 0.0,
            "handling": {"exponential_mean_seconds": 180},
            "skills": {"en": 1},
            "priority": 0,
        }
    ],
    "agents": [{"group": "g1", "count": 14, "queues": ["support"], "skills": {"en": 5}}],
}
RICH: dict[str, Any] = {
    "horizon_seconds": 7200,
    "busyness": {"none": True},
    "queues": {
        "a": {
            "order": "priority",
            "wait_max_seconds": 600,
            "rings": [{"after_seconds": 30, "minima": {"en": 2}, "groups": ["second"]}],
            "overflow": [{"action": "queue", "target": "b", "after_seconds": 60}],
        },
        "b": {"order": "deadline", "strategy": "random", "waiting_max": 50},
    },
    "callers": [
        {
            "name": "x",
            "queue": "a",
            "arrivals_per_hour": [
                {"until_seconds": 3600, "per_hour": 10},
                {"per_hour": 50},
            ],
            "patience": [
                {"until_seconds": 3600, "deterministic_seconds": 30},
                {"until_seconds": 7200, "none": True},
            ],
            "handling": {
                "fast": {"lognormal": {"mean_seconds": 100, "deviation_seconds": 50}},
                "slow": [
                    {"until_seconds": 600, "uniform": {"low_seconds": 10, "high_seconds": 20}},
                    {"empirical_seconds": [30, 10, 20]},
                ],
            },
        }
    ],
    "agents": [
        {"group": "fast", "count": 2, "queues": ["a", "b"], "answer": {"deterministic_seconds": 3}},
        {
            "group": "slow",
            "count": [{"until_seconds": 3600, "count": 1}, {"count": 3}],
            "queues": ["a"],
            "groups": ["second"],
            "miss_probability": 0.1,
            "weight": 2,
        },
    ],
}


def mistakes(data: object) -> list[str]:
    scenario, found = read_scenario(data)
    assert scenario is None
    return [str(one) for one in found]


def test_the_documented_example_is_read() -> None:
    scenario, found = read_scenario(EXAMPLE)
    assert found == []
    assert scenario is not None
    assert (scenario.horizon_seconds, scenario.warmup_seconds) == (36000.0, 1800.0)
    assert (scenario.replications, scenario.busyness, scenario.drain) == (20, 28.7, True)
    (kind,) = scenario.callers
    assert kind.rate == Timed((100 / 3600,))
    assert kind.patience == Timed((Distribution("exponential", 120.0),))
    assert kind.handling == {"": Timed((Distribution("exponential", 180.0),))}
    assert scenario.agents[0].count == Timed((14,))
    assert scenario.queues["support"].service_level_seconds == 20.0


def test_everything_the_format_offers_is_read() -> None:
    scenario, found = read_scenario(RICH)
    assert found == []
    assert scenario is not None
    assert scenario.queues["a"].priority_seconds == 1_000_000.0
    assert scenario.queues["a"].rings == (Ring(30.0, {"en": 2}, frozenset({"second"})),)
    assert scenario.queues["a"].overflow == (Overflow("queue", "b", 60.0),)
    assert scenario.queues["b"].order == "deadline"
    (kind,) = scenario.callers
    assert kind.rate == Timed((10 / 3600, 50 / 3600), (3600.0,))
    assert kind.patience.at(3599.0).mean == 30.0
    assert kind.patience.at(9999.0).kind == "none"
    assert kind.handling["fast"].at(0.0).mean == pytest.approx(100.0)
    assert kind.handling["slow"].at(0.0) == Distribution("uniform", 10.0, 20.0)
    assert kind.handling["slow"].at(600.0).values == (10.0, 20.0, 30.0)
    assert [scenario.agents[1].count.at(t) for t in (0.0, 3600.0, 9e9)] == [1, 3, 3]


@pytest.mark.parametrize("example", [EXAMPLE, RICH])
def test_the_schema_takes_what_the_reader_takes(example: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(example)


def test_all_mistakes_are_found_at_once_each_with_its_place() -> None:
    bad = copy.deepcopy(EXAMPLE)
    bad["horizon_seconds"] = -5
    bad["colour"] = "red"
    bad["busyness"] = {"gamma": 1}
    bad["queues"]["support"]["strategy"] = "nearest"
    bad["callers"][0]["queue"] = "sales"
    bad["callers"][0]["patience"] = {"exponential_mean_seconds": "long"}
    bad["callers"][0]["patience_zero_probability"] = 1.5
    bad["callers"][0]["skills"] = {"en": 11}
    bad["agents"].append({"group": "g1", "count": 1.5, "queues": []})
    found = mistakes(bad)
    places = [one.split(": ")[0] for one in found]
    assert set(places) == {
        "colour",
        "horizon_seconds",
        "warmup_seconds",
        "busyness",
        "busyness.gamma",
        "queues.support.strategy",
        "callers[0].queue",
        "callers[0].patience.exponential_mean_seconds",
        "callers[0].patience_zero_probability",
        "callers[0].skills.en",
        "agents[1].count",
        "agents[1].queues",
        "agents[1]",
    }
    assert "callers[0].queue: there is no queue 'sales'" in found
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(bad)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "handling",
            {"g1": {"exponential_mean_seconds": 1}, "g9": {"exponential_mean_seconds": 1}},
            "callers[0].handling.g9: there is no agent group of this name",
        ),
        ("handling", {"none": True}, "callers[0].handling.none: is not known here"),
        (
            "handling",
            {"exponential_mean_seconds": 0},
            "callers[0].handling.exponential_mean_seconds: must be more than 0",
        ),
        ("handling", None, "callers[0].handling: must be a table with one of"),
        (
            "arrivals_per_hour",
            [{"per_hour": 1}, {"per_hour": 2}],
            "callers[0].arrivals_per_hour[0].until_seconds: is missing",
        ),
        (
            "arrivals_per_hour",
            [{"until_seconds": 9, "per_hour": 1}, {"until_seconds": 9, "per_hour": 2}],
            "callers[0].arrivals_per_hour[1].until_seconds: must be later",
        ),
        ("arrivals_per_hour", 5e6, "callers: more than"),
        ("arrivals_per_hour", float("nan"), "callers[0].arrivals_per_hour: must be between"),
        ("name", None, "callers[0].name: must be a name, not nothing"),
        ("priority", 1.5, "callers[0].priority: must be a whole number"),
        ("patience", {"empirical_seconds": []}, "callers[0].patience.empirical_seconds: must have"),
    ],
)
def test_one_mistake_is_told_plainly(path: str, value: object, said: str) -> None:
    bad = copy.deepcopy(EXAMPLE)
    bad["callers"][0][path] = value
    assert any(one.startswith(said) for one in mistakes(bad)), mistakes(bad)


@pytest.mark.parametrize("data", [None, [], "text", 5, {}, {"queues": 3, "callers": 5}])
def test_senseless_documents_are_refused(data: object) -> None:
    assert mistakes(data)


def test_distributions_have_the_means_they_say() -> None:
    steps = [(n + 0.5) / 100_000 for n in range(100_000)]
    for one in (
        Distribution("exponential", 60.0),
        Distribution("lognormal", 4.0, 0.5),
        Distribution("uniform", 10.0, 30.0),
        Distribution("deterministic", 5.0),
        Distribution("empirical", values=(1.0, 2.0, 6.0)),
    ):
        assert sum(map(one.at, steps)) / len(steps) == pytest.approx(one.mean, rel=2e-3)


@pytest.mark.parametrize(
    ("said", "mean"),
    [
        ({"mean_seconds": 100, "deviation_seconds": 50}, 100.0),
        ({"mean_seconds": 100, "cv": 0.5}, 100.0),
        ({"median_seconds": 100, "sigma": 0}, 100.0),
        ({"mu": 0, "sigma": 2}, 7.389056),
    ],
)
def test_lognormal_times_can_be_said_in_four_ways(said: dict[str, float], mean: float) -> None:
    data = copy.deepcopy(EXAMPLE)
    data["callers"][0]["handling"] = {"lognormal": said}
    VALIDATOR.validate(data)
    scenario, found = read_scenario(data)
    assert found == []
    assert scenario is not None
    assert scenario.callers[0].handling[""].at(0.0).mean == pytest.approx(mean)


def with_handling(handling: object) -> dict[str, Any]:
    changed = copy.deepcopy(EXAMPLE)
    changed["callers"][0]["handling"] = handling
    return changed


@pytest.mark.parametrize(
    ("words", "same_as"),
    [
        ({"lognormal": {"mean_seconds": 60, "sd_seconds": 30}}, None),
        ({"lognormal": {"mean": 60, "sd": 30}}, None),
        ({"lognormal": {"mean_seconds": 60, "cv": 0.5}}, None),
        ({"lognormal_mean_seconds": 60, "lognormal_sd_seconds": 30}, None),
        ({"lognormal_mean_seconds": 60, "lognormal_cv": 0.5}, None),
        ({"lognormal": {"mean_seconds": 60, "sigma": 0.4723807}}, None),
        ({"lognormal": {"median": 53.665631, "sigma": 0.4723807}}, None),
        ({"lognormal": {"mu": 3.9827727, "sigma": 0.4723807}}, None),
        ({"deterministic": 60}, Distribution("deterministic", 60.0)),
        ({"empirical": [3, 1, 2]}, Distribution("empirical", values=(1.0, 2.0, 3.0))),
    ],
)
def test_times_may_be_said_in_other_words(
    words: dict[str, Any], same_as: Distribution | None
) -> None:
    for handling in (words, {"g1": words}, [{"until_seconds": 9, **words}, words]):
        scenario, found = read_scenario(with_handling(handling))
        assert found == []
        assert scenario is not None
        VALIDATOR.validate(with_handling(handling))
        for timed in scenario.callers[0].handling.values():
            read = timed.at(0.0)
            if same_as is not None:
                assert read == same_as
                continue
            assert read.first == pytest.approx(3.9827727)
            assert read.second == pytest.approx(0.4723807)
            assert read.mean == pytest.approx(60.0)


def test_words_for_strategies_and_orders_are_not_taken_literally() -> None:
    for word, strategy in (("Round_Robin", "round-robin"), ("weighted random", "random")):
        changed = copy.deepcopy(EXAMPLE)
        changed["queues"]["support"] = {"strategy": word, "order": "strict_priority"}
        scenario, found = read_scenario(changed)
        assert found == []
        assert scenario is not None
        assert scenario.queues["support"].strategy == strategy
        assert scenario.queues["support"].priority_seconds == 1_000_000.0


def test_callers_whom_nobody_may_serve_are_named() -> None:
    changed = copy.deepcopy(EXAMPLE)
    changed["callers"][0]["skills"] = {"en": 6}
    scenario, _ = read_scenario(changed)
    assert scenario is not None
    assert unserved(scenario) == ["english"]
    queue = changed["queues"]["support"]
    queue["rings"] = [{"after_seconds": 30, "minima": {"en": 5}}]
    scenario, _ = read_scenario(changed)
    assert scenario is not None
    assert unserved(scenario) == []
    for example in (EXAMPLE, RICH):
        scenario, _ = read_scenario(example)
        assert scenario is not None
        assert unserved(scenario) == []
