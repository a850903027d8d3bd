"""Set goals (domain.md 2.2 to 2.4): versions, exact splits, coverage."""

import itertools
import random

import pytest

from client import Refused

YEAR = {"from_date": "2031-01-01", "to_date": "2031-12-31"}
years = itertools.count(2032)


@pytest.fixture
def period():
    """A year that no other test has."""
    year = next(years)
    return {"from_date": f"{year}-01-01", "to_date": f"{year}-12-31"}


@pytest.fixture(scope="module")
def director(company):
    return company.login()


def set_goal(client, unit, period, target, metric="visits", **fields):
    return client.call("GoalService.Set", unit=unit, metric=metric, target=target, **period,
                       **fields).goal


def split(client, unit, period, metric="visits", method="EQUAL", **fields):
    return client.call("GoalService.Split", unit=unit, metric=metric,
                       method=f"SPLIT_METHOD_{method}", **period, **fields)


def refused(call, *arguments, **fields):
    with pytest.raises(Refused) as caught:
        call(*arguments, **fields)
    return caught.value


def shares(answer):
    return {share.name: share.target for share in answer.shares}


def coverage(client, unit, period, metric="visits"):
    return list(client.call("GoalService.Show", unit=unit, metric=metric, **period).goals)


# Versions (2.2).


def test_2_2_a_change_is_a_new_version(director, company, period):
    first = set_goal(director, "/goal", period, 1000, reason="plan")
    assert (first.unit, first.target, first.version, first.actor) == ("/goal", 1000, 1, "director")
    assert first.made_at.seconds > 0 and first.name == "goal"
    second = set_goal(company.login("boss"), "/goal", period, 1200, reason="good start")
    assert (second.version, second.reason, second.actor) == (2, "good start", "goal.boss")


def test_2_2_the_same_figure_again_is_no_version(director, period):
    set_goal(director, "/goal", period, 500)
    assert set_goal(director, "/goal", period, 500).version == 1


def test_2_2_expected_version_conflict(director, period):
    """Nobody overwrites what they have not seen."""
    set_goal(director, "/goal", period, 10)
    set_goal(director, "/goal", period, 20, expected_version=1)
    error = refused(set_goal, director, "/goal", period, 30, expected_version=1)
    assert (error.status, error.code) == ("CONFLICT", "goal_changed")
    assert "2" in error.message and error.hint
    assert coverage(director, "/goal", period)[0].target == 20


def test_2_2_two_at_once_with_the_same_expectation(director, company, period):
    """One of them is told."""
    set_goal(director, "/goal", period, 1)
    other = company.login("boss")
    fields = {"unit": "/goal", "metric": "visits", "expected_version": 1, **period}
    numbers = [(client, client.send("GoalService.Set", target=target, **fields))
               for client, target in ((director, 2), (other, 3))]
    answers = []
    for client, number in numbers:
        try:
            answers.append(client.take(number).goal.version)
        except Refused as error:
            answers.append(error.status)
    assert sorted(map(str, answers)) == ["2", "CONFLICT"]


def test_2_2_any_range_and_scope(director, company):
    for begin, end in [("2031-05-05", "2031-05-05"), ("2031-05-05", "2031-05-11"),
                       ("2031-05-01", "2031-05-31"), ("2031-04-01", "2031-06-30"),
                       ("2031-05-06", "2031-07-19")]:
        goal = director.call("GoalService.Set", person=company.handle("n1.1"), metric="visits",
                             from_date=begin, to_date=end, target=3).goal
        assert (goal.person, goal.from_date, goal.to_date) == ("goal.n1.1", begin, end)


@pytest.mark.parametrize("fields, code", [
    ({"target": -1}, "negative_target"),
    ({"metric": "handshakes"}, "unknown_metric"),
    ({"from_date": "2031-12-31", "to_date": "2031-01-01"}, "dates_reversed"),
    ({"from_date": "2031-02-30"}, "bad_date"),
    ({"person": "goal.n1.1"}, "unit_or_person"),
    ({"unit": ""}, "unit_or_person"),
    ({"unit": "/nowhere"}, "unknown_unit"),
    ({"currency": "USD"}, "currency_of_count"),
])
def test_goals_that_cannot_be(director, fields, code):
    goal = {"unit": "/goal", "metric": "visits", "target": 1, **YEAR, **fields}
    assert refused(director.call, "GoalService.Set", **goal).code == code


def test_money_goals_have_a_currency(director, period):
    assert set_goal(director, "/goal", period, 10**15, metric="revenue").currency == "USD"
    assert set_goal(director, "/goal", period, 7, metric="revenue", currency="EUR").currency == "EUR"
    rows = coverage(director, "/goal", period, "revenue")
    assert {row.currency: row.target for row in rows} == {"USD": 10**15, "EUR": 7}


# Splits (2.3).


def test_2_3_equal_split_is_exact(director, period):
    set_goal(director, "/goal/North/North 1", period, 100)
    answer = split(director, "/goal/North/North 1", period)
    # The supervisor who leads the team has no share.
    assert shares(answer) == {"N1.1 goal": 34, "N1.2 goal": 33, "N1.3 goal": 33}
    assert [share.person for share in answer.shares] == ["goal.n1.1", "goal.n1.2", "goal.n1.3"]
    assert [share.version for share in answer.shares] == [1, 1, 1]


def test_2_3_headcount(director, period):
    set_goal(director, "/goal", period, 1000)
    answer = split(director, "/goal", period, method="HEADCOUNT")
    weights = {share.unit: share.weight for share in answer.shares}
    # Reps count; those who lead a unit are none of it.
    assert weights["/goal/North"] == 5 and weights["/goal/South"] == 2
    assert shares(answer)["North"] == 714 and shares(answer)["South"] == 286


def test_2_3_stated_weights(director, period):
    set_goal(director, "/goal", period, 10)
    weights = [{"child": "North", "weight": 2}, {"child": "/goal/South", "weight": 1}]
    assert shares(split(director, "/goal", period, method="STATED", weights=weights)) == {
        "North": 7, "South": 3}


def test_2_3_stated_weights_are_for_every_child_and_nobody_else(director, period):
    set_goal(director, "/goal", period, 10)
    weights = [{"child": "North", "weight": 2}]
    error = refused(split, director, "/goal", period, method="STATED", weights=weights)
    assert error.code == "no_weight_for_child" and "South" in error.message
    weights += [{"child": "South", "weight": 1}, {"child": "Atlantis", "weight": 1}]
    error = refused(split, director, "/goal", period, method="STATED", weights=weights)
    assert error.code == "unknown_child" and "Atlantis" in error.message
    weights = [{"child": "North", "weight": -1}, {"child": "South", "weight": 2}]
    assert refused(split, director, "/goal", period, method="STATED",
                   weights=weights).status == "INVALID"
    weights = [{"child": "North", "weight": 0}, {"child": "South", "weight": 0}]
    assert refused(split, director, "/goal", period, method="STATED",
                   weights=weights).status == "INVALID"


def test_2_3_random_splits_sum_to_the_parent(director, period):
    """Through the whole path; 100,000 cases of the arithmetic alone are a C test."""
    seed = random.randrange(2**32)
    print("seed", seed)
    generator = random.Random(seed)
    for _ in range(100):
        target = generator.choice([0, 1, 2, 7, 10**6 + 1, 10**15 - 1])
        stretch = generator.choice([0, 0, 1, 33, 100, 999])
        set_goal(director, "/goal", period, target, metric="revenue")
        weights = [{"child": name, "weight": generator.randrange(1, 10**9)}
                   for name in ("North", "South")]
        answer = split(director, "/goal", period, metric="revenue", method="STATED",
                       weights=weights, stretch_milli=stretch)
        assert answer.parent_target == target
        assert answer.stretched_target == (target * (1000 + stretch) + 500) // 1000
        assert sum(share.target for share in answer.shares) == answer.stretched_target
        total = sum(weight["weight"] for weight in weights)
        for share, weight in zip(answer.shares, weights):
            quota = answer.stretched_target * weight["weight"] / total
            assert abs(share.target - quota) <= 1 + quota * 1e-12


def test_2_3_a_locked_child_keeps_its_figure(director, period):
    set_goal(director, "/goal", period, 100)
    set_goal(director, "/goal/North", period, 80, locked=True)
    answer = split(director, "/goal", period)
    assert shares(answer) == {"North": 80, "South": 20}
    assert [share.locked for share in answer.shares] == [True, False]
    assert answer.shares[0].version == 1


def test_2_3_locked_child_above_its_parent_is_refused_with_the_amount(director, period):
    set_goal(director, "/goal", period, 100)
    set_goal(director, "/goal/North", period, 137, locked=True)
    error = refused(split, director, "/goal", period)
    assert (error.status, error.code) in {("INVALID", "locked_exceed"),
                                          ("CONFLICT", "locked_exceed")}
    assert "37" in error.message
    rows = coverage(director, "/goal", period)
    assert [row.target for row in rows if row.unit == "/goal/North"] == [137]
    assert [row.HasField("target") for row in rows if row.unit == "/goal/South"] == [False]


def test_2_3_all_locked_and_short_is_refused_with_the_amount(director, period):
    set_goal(director, "/goal", period, 100)
    set_goal(director, "/goal/North", period, 30, locked=True)
    set_goal(director, "/goal/South", period, 29, locked=True)
    error = refused(split, director, "/goal", period)
    assert error.code == "locked_short" and "41" in error.message


def test_2_3_stretch_is_shown_as_such(director, period):
    set_goal(director, "/goal", period, 1000)
    answer = split(director, "/goal", period, stretch_milli=100)
    assert (answer.parent_target, answer.stretched_target, answer.stretch_milli) == (1000, 1100, 100)
    assert sum(shares(answer).values()) == 1100
    row = coverage(director, "/goal", period)[0]
    assert (row.target, row.stretch_milli, row.coverage_gap) == (1000, 100, 0)


def test_2_3_dry_run_changes_nothing(director, period):
    set_goal(director, "/goal", period, 100)
    answer = split(director, "/goal", period, dry_run=True)
    assert shares(answer) == {"North": 50, "South": 50}
    assert len(coverage(director, "/goal", period)) == 1
    assert coverage(director, "/goal", period)[0].version == 1


def test_2_3_split_again_makes_versions_where_something_changed(director, period):
    set_goal(director, "/goal", period, 100)
    split(director, "/goal", period)
    assert [share.version for share in split(director, "/goal", period).shares] == [1, 1]
    set_goal(director, "/goal", period, 200)
    answer = split(director, "/goal", period)
    assert [share.version for share in answer.shares] == [2, 2]
    assert [share.target_before for share in answer.shares] == [50, 50]


def test_2_3_split_expects_the_version_that_was_seen(director, period):
    set_goal(director, "/goal", period, 100)
    set_goal(director, "/goal", period, 110)
    assert refused(split, director, "/goal", period, expected_version=1).code == "goal_changed"
    split(director, "/goal", period, expected_version=2)


def test_2_3_a_split_needs_a_goal_and_children(director, period):
    assert refused(split, director, "/goal", period).code == "unknown_goal"
    director.call("OrgService.AddUnit", parent="/goal/South", name="Empty")
    set_goal(director, "/goal/South/Empty", period, 5)
    assert refused(split, director, "/goal/South/Empty", period).code == "nothing_below"
    director.call("OrgService.MoveUnit", unit="/goal/South/Empty", parent="/goal/North")


def test_2_3_a_split_in_the_clients_language(company, period):
    director = company.login(locale="zh_CN")
    set_goal(director, "/goal", period, 100)
    set_goal(director, "/goal/North", period, 137, locked=True)
    message = refused(split, director, "/goal", period).message
    assert "37" in message and any("\u4e00" <= letter <= "\u9fff" for letter in message)


# Coverage (2.4).


def test_2_4_coverage_exact_short_and_over(director, period):
    set_goal(director, "/goal", period, 100)
    for north, gap in ((50, 0), (43, -7), (60, 10)):
        set_goal(director, "/goal/North", period, north)
        set_goal(director, "/goal/South", period, 50)
        row = coverage(director, "/goal", period)[0]
        assert (row.level, row.target, row.children_target, row.coverage_gap) == (
            0, 100, north + 50, gap)


def test_2_4_nothing_hides_a_child_without_a_goal(director, period):
    set_goal(director, "/goal", period, 100)
    set_goal(director, "/goal/North", period, 100)
    rows = {row.unit: row for row in coverage(director, "/goal", period)}
    assert not rows["/goal/South"].HasField("target")
    assert rows["/goal/North"].share_milli == 1000


def test_2_4_children_show_their_own_coverage(director, period):
    set_goal(director, "/goal", period, 100)
    split(director, "/goal", period)
    split(director, "/goal/South", period)
    rows = {row.unit: row for row in coverage(director, "/goal", period)}
    assert rows["/goal/South"].coverage_gap == 0
    assert not rows["/goal/North"].HasField("children_target")


# Rights.


def test_goals_are_set_from_above(company, period):
    lead = company.login("lead.n1")
    set_goal(lead, "/goal/North/North 1", period, 10)
    assert refused(set_goal, lead, "/goal/North", period, 10).status == "FORBIDDEN"
    assert refused(set_goal, lead, "/goal/North/North 2", period, 10).status == "FORBIDDEN"
    rep = company.login("n1.1")
    assert refused(set_goal, rep, "/goal/North/North 1", period, 10).status == "FORBIDDEN"
    assert refused(rep.call, "GoalService.Set", person="goal.n1.1", metric="visits", target=1,
                   **period).status == "FORBIDDEN"
    assert refused(split, rep, "/goal/North/North 1", period).status == "FORBIDDEN"


def test_a_rep_sees_the_goals_of_its_own_team(company, period):
    set_goal(company.login("lead.n1"), "/goal/North/North 1", period, 10)
    rep = company.login("n1.1")
    assert coverage(rep, "/goal/North/North 1", period)[0].target == 10
    with pytest.raises(Refused):
        coverage(rep, "/goal/North", period)
