"""`callcenter simulate` and `callcenter staff` as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from callcenter.cli import simulate, staff

pytestmark = pytest.mark.pure

SCENARIO = """\
horizon_seconds: 3600
warmup_seconds: 300
replications: 3
queues:
  support: {service_level: {seconds: 20}}
callers:
  - name: english
    queue: support
    arrivals_per_hour: 100
    patience: {exponential_mean_seconds: 120}
    handling: {exponential_mean_seconds: 180}
    skills: {en: 1}
agents:
  - {group: g1, count: 5, queues: [support], skills: {en: 5}}
"""


# Ten times ten times ten ...
MANY = "a0: &a0 [0, 1]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


def run(*words: object) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    simulate.register(app)
    staff.register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO)
    return path


def figures(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_has_every_figure_with_its_interval(scenario: Path) -> None:
    out = figures(run("simulate", scenario, "--json", "--jobs", 1))
    assert out["replications"] == 3
    assert set(out["classes"]) == {"english"}
    assert set(out["groups"]["g1"]) == {"occupancy", "idle_time_gini"}
    for name in (
        "offered",
        "answered",
        "abandoned",
        "probability_of_waiting",
        "mean_wait_answered",
        "mean_wait_all",
        "service_level_of_offered",
        "wait_p95",
    ):
        for figure in (out["all"][name], out["classes"]["english"][name]):
            assert figure["half_width"] >= 0
            assert figure["mean"] >= 0
    assert out["all"]["offered"]["mean"] == pytest.approx(
        out["all"]["answered"]["mean"] + out["all"]["abandoned"]["mean"]
    )
    assert out["decisions_per_second"] > 0


def test_a_run_can_be_repeated_whatever_the_number_of_processes(scenario: Path) -> None:
    traces = [
        figures(run("simulate", scenario, "--json", "--seed", seed, "--jobs", jobs))["trace_hash"]
        for seed, jobs in ((1, 1), (1, 2), (2, 1))
    ]
    assert traces[0] == traces[1]
    assert traces[0] != traces[2]


def test_the_table_is_for_people(scenario: Path) -> None:
    result = run("simulate", scenario, "--replications", 2, "--jobs", 1)
    assert result.exit_code == 0
    assert "2 replications" in result.stdout
    assert "gave up" in result.stdout
    assert "g1" in result.stdout


def test_mistakes_are_told_all_at_once_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        SCENARIO.replace("queue: support", "queue: sales")
        .replace("count: 5", "count: many")
        .replace("replications: 3", "replications: 0\ndrain: maybe")
    )
    result = run("simulate", path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{path}, line 9: callers[0].queue: there is no queue 'sales'" in result.stderr
    assert f"{path}, line 3: replications: must be between 1" in result.stderr
    assert f"{path}, line 4: drain: must be true or false" in result.stderr
    assert f"{path}, line 15: agents[0].count: must be a number, not 'many'" in result.stderr
    assert "nothing was simulated" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("queues: [", "line 1"),
        ("", "must be a table"),
        ("queues: &x [*x]\n", "nested more than"),
        ("[" * 5000, "nested more than"),
        ("a: 2026-06-31\n", "out of range"),
        (f"horizon_seconds: {'9' * 5000}\n", "digits"),
        (f"horizon_seconds: {'9' * 400}\n", "must be between 0 and 1e+07, not 9999"),
        (MANY, "more than 500000 values"),
        (SCENARIO + "drain: true\ndrain: false\n", "drain: is there twice"),
    ],
)
def test_texts_that_are_no_scenario(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    result = run("simulate", path)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_is_named_once_may_be_used_again(tmp_path: Path) -> None:
    """Anchors and aliases of YAML; a mistake is told for each place."""
    path = tmp_path / "again.yaml"
    text = SCENARIO.replace("patience: {", "patience: &t {")
    text = text.replace("handling: {exponential_mean_seconds: 180}", "handling: *t")
    assert "*t" in text
    path.write_text(text)
    assert figures(run("simulate", path, "--json", "--jobs", 1))["all"]["abandoned"]["mean"] > 0
    path.write_text(text.replace("120", "0"))
    told = run("simulate", path).stderr
    assert "callers[0].handling.exponential_mean_seconds: must be more than 0" in told
    assert "callers[0].patience.exponential_mean_seconds: must be more than 0" in told


def test_a_missing_file_and_no_file(tmp_path: Path) -> None:
    result = run("simulate", tmp_path / "none.yaml")
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr
    assert run("simulate").exit_code == 2
    assert "properties" in run("simulate", "--schema").stdout


def test_staff_by_erlang_c_and_a() -> None:
    (row,) = figures(run("staff", "--calls-per-hour", 200, "--handling", 180, "--json"))
    assert (row["agents"], row["erlang"]) == (14, 10.0)
    assert row["service_level"] == pytest.approx(0.88835, abs=1e-5)
    out = figures(
        run(
            *("staff", "--calls-per-hour", 200, "--handling", 180, "--patience", 120),
            *("--shrinkage", 30, "--json"),
        )
    )
    assert (out[0]["agents"], out[0]["rostered"]) == (12, 18)
    text = run("staff", "--calls-per-hour", 200, "--handling", 180).stdout
    assert "14 <-" in text


def test_staff_from_traffic_typed_in_and_logged(tmp_path: Path) -> None:
    typed = tmp_path / "typed.csv"
    typed.write_text("calls,handling_seconds\n100,180\n50,200\n")
    out = figures(run("staff", "--traffic", typed, "--json"))
    assert [(row["start_seconds"], row["agents"]) for row in out] == [(0.0, 14), (1800.0, 9)]
    logged = tmp_path / "logged.csv"
    calls = [(n * 18.0, 180.0) for n in range(100)] + [(1800.0 + n * 36.0, 200) for n in range(50)]
    logged.write_text("arrived_at,handled_seconds\n" + "\n".join(f"{a},{h}" for a, h in calls))
    again = figures(run("staff", "--traffic", logged, "--json"))
    assert [row["agents"] for row in again] == [14, 9]
    assert "paid hours" in run("staff", "--traffic", typed).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("calls,handling_seconds\n1,x\n", "line 2, handling_seconds: not a number"),
        ("calls,handling_seconds\n1,0\n", "must be 0.001 or more"),
        ("a,b\n1,2\n", "the header must have"),
        ("calls,handling_seconds\n", "no row of traffic"),
    ],
)
def test_bad_traffic_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "traffic.csv"
    path.write_text(text)
    result = run("staff", "--traffic", path)
    assert result.exit_code == 2
    assert said in result.stderr


def test_staff_by_simulation_finds_a_number_that_meets_the_target(scenario: Path) -> None:
    out = figures(run("staff", "--scenario", scenario, "--replications", 2, "--json"))
    assert out["group"] == "g1"
    assert out["figures"]["service_level_of_offered"]["mean"] >= 0.8
    assert run("staff").exit_code == 2
