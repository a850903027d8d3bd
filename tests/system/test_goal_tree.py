"""Goals of a whole tree and along time (domain.md 2.3, 2.4, 2.6, 2.9): methods, versions, currencies,
and what a manager does with them at a terminal."""

import csv
import datetime
import io
import itertools
import os
import pty
import subprocess

import pytest

from client import Refused
from daemon import TIEJUN, cli_environment

years = itertools.count(2040)


@pytest.fixture
def period():
    """A year that no other test has."""
    year = next(years)
    return {"from_date": f"{year}-01-01", "to_date": f"{year}-12-31"}


@pytest.fixture(scope="module")
def director(company):
    return company.login()


@pytest.fixture(scope="module")
def top(company):
    return company.region


def set_goal(client, unit, period, target, metric="visits", **fields):
    return client.call("GoalService.Set", unit=unit, metric=metric, target=target, **period,
                       **fields).goal


def split(client, unit, period, metric="visits", method="HEADCOUNT", **fields):
    return client.call("GoalService.Split", unit=unit, metric=metric,
                       method=f"SPLIT_METHOD_{method}", **period, **fields)


def along(client, unit, period, part="QUARTER", metric="visits", **fields):
    return client.call("GoalService.SplitAlong", unit=unit, metric=metric,
                       part=f"GOAL_PART_{part}", **period, **fields)


def tree(client, unit, period, metric="visits", **fields):
    answer = client.call("GoalService.Tree", unit=unit, metric=metric, **period, **fields)
    return {node.scope_unit or node.person: node for node in answer.nodes}


def refused(call, *arguments, **fields):
    with pytest.raises(Refused) as caught:
        call(*arguments, **fields)
    return caught.value


# Down the tree (2.3, 2.4).


def test_2_3_a_deep_split_is_exact_on_every_level(director, top, period):
    set_goal(director, top, period, 1001)
    split(director, top, period, deep=True)
    nodes = tree(director, top, period)
    assert nodes[top].target == 1001 and nodes[top].coverage_gap == 0
    assert sum(node.target for node in nodes.values() if node.person) == 1001
    for node in nodes.values():
        assert not node.HasField("coverage_gap") or node.coverage_gap == 0
    # Who leads a team has no part of it.
    assert not any("lead" in node.person or "boss" in node.person for node in nodes.values())


def test_2_3_a_locked_unit_keeps_its_figure_in_a_deep_split(director, top, period):
    set_goal(director, top, period, 100)
    set_goal(director, f"{top}/South", period, 90, locked=True)
    split(director, top, period, deep=True)
    nodes = tree(director, top, period)
    assert (nodes[f"{top}/South"].target, nodes[f"{top}/North"].target) == (90, 10)
    assert nodes[f"{top}/South"].coverage_gap == 0 and nodes[f"{top}/South/South 1"].target == 90


def test_2_3_by_history(director, company, top, period):
    """In proportion to the effective work of the period before."""
    year = int(period["from_date"][:4])
    for short, count in (("n1.1", 3), ("s1.1", 1)):
        facts = [company.good("material", short) for _ in range(count)]
        company.log(*facts, who=short)
    today = datetime.datetime.now(datetime.UTC).date()
    tomorrow = today + datetime.timedelta(days=1)
    days = {"from_date": str(tomorrow), "to_date": str(tomorrow)}
    set_goal(director, top, days, 100, metric="materials")
    answer = split(director, top, days, metric="materials", method="HISTORY")
    assert {share.name: share.target for share in answer.shares} == {"North": 75, "South": 25}
    set_goal(director, top, {"from_date": f"{year}-02-01", "to_date": f"{year}-02-28"}, 9,
             metric="materials")
    error = refused(split, director, top,
                    {"from_date": f"{year}-02-01", "to_date": f"{year}-02-28"},
                    metric="materials", method="HISTORY")
    assert error.code == "no_weight" and top in error.message


def test_2_3_along_time_by_a_history_of_nothing(director, top, period):
    set_goal(director, top, period, 9)
    assert refused(along, director, top, period,
                   method="SPLIT_METHOD_HISTORY").code == "no_weight_along"


def test_2_3_by_capacity(director, company, top):
    """By working person-days: leave weighs."""
    week = {"from_date": "2039-03-07", "to_date": "2039-03-11"}
    director.call("LeaveService.Add", person=company.handle("s1.2"), **week)
    set_goal(director, top, week, 60)
    answer = split(director, top, week, method="CAPACITY", deep=True)
    assert {share.unit: share.weight for share in answer.shares if share.level == 1} == {
        f"{top}/North": 25000, f"{top}/South": 5000}
    reps = {share.person: share.target for share in answer.shares if share.person}
    assert reps[company.handle("s1.1")] == 10 and reps[company.handle("s1.2")] == 0


def test_2_3_a_stretch_is_of_the_goal_and_in_every_roll_up(director, top):
    month = {"from_date": "2039-05-01", "to_date": "2039-05-31"}
    set_goal(director, top, month, 1000)
    goal = director.call("GoalService.Set", unit=top, metric="visits", stretch_milli=100,
                         **month).goal
    assert (goal.target, goal.stretched_target, goal.version) == (1000, 1100, 2)
    split(director, top, month)
    nodes = tree(director, top, month)
    assert (nodes[top].target, nodes[top].stretched_target, nodes[top].coverage_gap) == (
        1000, 1100, 0)
    report = director.call("ReportService.Rollup", unit=top, metrics=["visits"],
                           group_by="GROUP_BY_UNIT", **month)
    targets = {row.group: row.target for row in report.rows if row.target_source == "goal"}
    assert report.totals[0].target == 1100 == sum(targets.values())


def test_2_4_goals_only_below_a_unit_are_shown(director, top, period):
    set_goal(director, f"{top}/North", period, 7)
    rows = director.call("GoalService.Show", unit=top, metric="visits", **period).goals
    assert [(row.level, row.unit, row.HasField("target")) for row in rows] == [
        (0, top, False), (1, f"{top}/North", True), (1, f"{top}/South", False)]
    assert rows[0].children_target == 7
    nodes = tree(director, top, period)
    assert not nodes[top].HasField("target") and nodes[f"{top}/North"].target == 7


# Along time (2.3, 2.6).


def test_2_3_along_time_the_parts_add_up(director, top, period):
    set_goal(director, top, period, 1000, stretch_milli=7)
    answer = along(director, top, period, "MONTH")
    assert len(answer.shares) == 12 and sum(share.target for share in answer.shares) == 1000
    months = [director.call("GoalService.History", unit=top, metric="visits",
                            from_date=share.from_date, to_date=share.to_date).versions[0]
              for share in answer.shares]
    # The stretch too, to the last unit.
    assert sum(goal.stretched_target for goal in months) == 1007
    working = [director.call("CalendarService.Show", unit=top, from_date=goal.from_date,
                             to_date=goal.to_date).working_millidays for goal in months]
    for goal, days in zip(months, working):
        assert abs(goal.target - 1000 * days / sum(working)) < 1


def test_2_3_along_time_and_down_the_tree_at_once(director, top, period):
    """In each quarter the parts add up to the region's, and over the quarters to the year's."""
    set_goal(director, top, period, 997)
    split(director, top, period, deep=True)
    answer = along(director, top, period, deep=True)
    year = tree(director, top, period)
    quarters = {}
    for share in answer.shares:
        quarters.setdefault((share.from_date, share.to_date), {})[
            share.unit or share.person] = share.target
    assert len(quarters) == 4
    for name, node in year.items():
        assert sum(quarter[name] for quarter in quarters.values()) == node.target
    for begin, end in quarters:
        for node in tree(director, top, {"from_date": begin, "to_date": end}).values():
            assert not node.HasField("coverage_gap") or node.coverage_gap == 0


def test_2_3_along_time_a_unit_without_a_goal_cuts_off_all_below_it(director, company, top, period):
    """The office has none: its team and the team's rep are no part of the region's split."""
    set_goal(director, top, period, 1200)
    set_goal(director, company.unit("North/North 1"), period, 600)
    director.call("GoalService.Set", person=company.handle("n1.1"), metric="visits", target=300,
                  **period)
    answer = along(director, top, period, deep=True, dry_run=True)
    assert {share.unit or share.person for share in answer.shares} == {top}
    assert sum(share.target for share in answer.shares) == 1200


def test_2_3_along_time_a_locked_part_keeps_its_figure(director, top, period):
    year = period["from_date"][:4]
    set_goal(director, top, period, 100)
    set_goal(director, top, {"from_date": f"{year}-04-01", "to_date": f"{year}-06-30"}, 70,
             locked=True)
    answer = along(director, top, period)
    assert [share.target for share in answer.shares][1] == 70
    assert sum(share.target for share in answer.shares) == 100
    weights = [{"child": f"{year}-Q{n}", "weight": n} for n in (1, 3, 4)]
    answer = along(director, top, period, method="SPLIT_METHOD_STATED", weights=weights)
    assert [share.target for share in answer.shares] == [4, 70, 11, 15]
    assert refused(along, director, top, period, method="SPLIT_METHOD_STATED",
                   weights=[{"child": "Q9", "weight": 1}]).code == "unknown_part"
    days = {"from_date": f"{year}-02-03", "to_date": f"{year}-02-09"}
    set_goal(director, top, days, 5)
    assert refused(along, director, top, days, part="MONTH").code == "one_part"


def test_2_6_a_goal_falls_on_its_working_days_with_the_season(director, top):
    month = {"from_date": "2039-09-01", "to_date": "2039-09-30"}
    set_goal(director, top, month, 221)
    answer = director.call("GoalService.Phase", unit=top, metric="visits", **month)
    days = list(answer.goals[0].targets)
    assert sum(days) == 221 and len(days) == 30
    # Thursday the 1st is worked, the weekend behind it is not.
    assert days[:5] in ([10, 10, 0, 0, 10], [11, 10, 0, 0, 10])
    answer = director.call("GoalService.Phase", unit=top, metric="visits", **month,
                           seasons=[{"child": "2039-09-01", "weight": 22000}])
    assert sum(answer.goals[0].targets) == 221 and answer.goals[0].targets[0] > 100


# Versions (2.2) and re-balances (2.9).


def test_2_2_history_and_differences(director, company, top, period):
    set_goal(director, top, period, 100, reason="plan")
    split(director, top, period, deep=True)
    set_goal(company.login("boss"), top, period, 200, reason="more")
    split(director, top, period, deep=True)
    versions = director.call("GoalService.History", unit=top, metric="visits", **period).versions
    assert [(goal.version, goal.target, goal.reason) for goal in versions][::3] == [
        (4, 200, ""), (1, 100, "plan")]
    answer = director.call("GoalService.Diff", unit=top, metric="visits", version_before=2,
                           version_after=4, **period)
    rows = {row.scope_unit or row.person: row for row in answer.goals}
    assert (rows[top].target_before, rows[top].target_after) == (100, 200)
    north = rows[f"{top}/North"]
    assert (north.target_before, north.target_after) == (71, 143)
    assert refused(director.call, "GoalService.Diff", unit=top, metric="visits",
                   version_before=9, **period).code == "no_such_version"


def test_2_2_the_second_is_told_what_changed_under_it(director, company, top, period):
    set_goal(director, top, period, 100)
    split(director, top, period)
    set_goal(company.login("boss"), f"{top}/North", period, 80)
    error = refused(set_goal, director, f"{top}/North", period, 60, expected_version=1)
    assert error.code == "goal_changed"
    for part in (f"{top}/North", company.handle("boss"), "71", "80"):
        assert part in error.message
    assert tree(director, top, period)[f"{top}/North"].target == 80


def lock(client, unit, period, **fields):
    return client.call("GoalService.Set", unit=unit, metric="visits", locked=True, **period,
                       **fields)


def stretch(client, unit, period, **fields):
    return client.call("GoalService.Set", unit=unit, metric="visits", stretch_milli=50, **period,
                       **fields)


def rebalance(client, unit, period, **fields):
    return client.call("GoalService.Rebalance", unit=unit, metric="visits", **period, **fields)


@pytest.mark.parametrize("change", [split, along, rebalance, lock, stretch])
def test_2_2_no_change_goes_over_one_that_was_not_seen(director, company, top, change):
    """Whatever the second wants to do to the goal that the first has changed meanwhile, it is told
    who changed it, when, from what to what; and nothing of it is done."""
    today, _ = around_today(director, top)
    period = {"from_date": str(today - datetime.timedelta(days=100 + CHANGES.index(change))),
              "to_date": str(today + datetime.timedelta(days=100))}
    set_goal(director, top, period, 100)
    split(director, top, period)
    seen = tree(director, top, period)[top].version
    set_goal(company.login("boss"), top, period, 300)
    before = tree(director, top, period)
    error = refused(change, director, top, period, expected_version=seen)
    assert error.code == "goal_changed" and error.status == "CONFLICT"
    for part in (top, company.handle("boss"), "100", "300"):
        assert part in error.message
    assert tree(director, top, period) == before
    # With what is there now it is done.
    change(director, top, period, expected_version=before[top].version)
    assert tree(director, top, period) != before or change is along


CHANGES = [split, along, rebalance, lock, stretch]


def around_today(director, top):
    today = datetime.date.fromisoformat(
        director.call("GoalService.Tree", unit=top, metric="visits", from_date="2039-01-01",
                      to_date="2039-01-01").today)
    return today, {"from_date": str(today - datetime.timedelta(days=20)),
                   "to_date": str(today + datetime.timedelta(days=20))}


def test_2_9_a_rebalance_touches_no_done_day(director, company, top):
    today, span = around_today(director, top)
    facts = [company.good("negotiation", "n1.2") for _ in range(4)]
    yesterday = datetime.datetime.combine(today - datetime.timedelta(days=1), datetime.time(12))
    for fact in facts:
        fact["occurred_at"] = {"seconds": int(yesterday.replace(
            tzinfo=datetime.UTC).timestamp())}
    company.log(*facts, who="n1.2")
    set_goal(director, top, span, 400, metric="negotiations")
    split(director, top, span, metric="negotiations", deep=True)
    before = phased(director, top, span)
    preview = director.call("GoalService.Rebalance", unit=top, metric="negotiations", deep=True,
                            dry_run=True, **span)
    assert phased(director, top, span) == before
    answer = director.call("GoalService.Rebalance", unit=top, metric="negotiations", deep=True,
                           expected_version=preview.parent_version, **span)
    assert [share.target for share in answer.shares] == [share.target for share in preview.shares]
    nodes = tree(director, top, span, metric="negotiations")
    assert all(not node.HasField("coverage_gap") or node.coverage_gap == 0
               for node in nodes.values())
    done = {share.unit or share.person: share.done for share in answer.shares}
    assert done[company.handle("n1.2")] == done[f"{top}/North"] == 4
    after = phased(director, top, span)
    for name, days in after.items():
        target = nodes[name].stretched_target
        assert days[:20] == before[name][:20]
        assert sum(days[20:]) == target - done.get(name, 4)


def phased(client, unit, span):
    answer = client.call("GoalService.Phase", unit=unit, metric="negotiations", deep=True, **span)
    return {goal.scope_unit or goal.person: list(goal.targets) for goal in answer.goals}


def test_2_9_only_what_is_under_way_is_rebalanced(director, top, period):
    set_goal(director, top, period, 10)
    assert refused(director.call, "GoalService.Rebalance", unit=top, metric="visits",
                   **period).code == "not_under_way"


# Currencies.


def test_goals_in_other_currencies_are_converted_at_dated_rates(director, top, period):
    year = period["from_date"][:4]
    set_goal(director, top, period, 100_00, metric="revenue")
    set_goal(director, f"{top}/North", period, 60_00, metric="revenue")
    set_goal(director, f"{top}/South", period, 30_000, metric="revenue", currency="JPY")
    south = tree(director, top, period, metric="revenue")[f"{top}/South"]
    assert not south.HasField("target") and (south.own_currency, south.own_target) == ("JPY", 30_000)
    director.call("RateService.Set", rates=[
        {"currency": "JPY", "into_currency": "USD", "from_date": f"{int(year) - 1}-06-01",
         "rate": "0.01"},
        {"currency": "JPY", "into_currency": "USD", "from_date": f"{year}-02-01", "rate": "5"}])
    nodes = tree(director, top, period, metric="revenue")
    south = nodes[f"{top}/South"]
    # 30,000 yen are 300.00 dollars at the rate of the period's first day.
    assert (south.target, south.rate, south.rate_date) == (300_00, "0.01", f"{int(year) - 1}-06-01")
    assert nodes[top].children_target == 360_00 and nodes[top].coverage_gap == 260_00


def test_rates_that_cannot_be(director, company):
    for rate in ({"currency": "USD", "into_currency": "USD", "rate": "1"},
                 {"currency": "USD", "into_currency": "CNY", "rate": "0"},
                 {"currency": "USD", "into_currency": "CNY", "rate": "seven"}):
        assert refused(director.call, "RateService.Set", rates=[rate]).status == "INVALID"
    assert refused(company.login("boss").call, "RateService.Set", rates=[]).status == "FORBIDDEN"


# At a terminal.


@pytest.mark.parametrize("lang", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_the_commands(company, director, top, period, lang):
    span = f"{period['from_date']}..{period['to_date']}"
    goal = ["--unit", top, "--period", span]

    def run(*arguments):
        result = company.cli(*arguments, lang=lang)
        assert result.returncode == 0, result.stderr
        return result.stdout

    run("goal", "set", "visits", "1000", *goal, "--reason", "plan")
    run("goal", "stretch", "visits", "5", *goal)
    run("goal", "split", "visits", *goal, "--deep")
    run("goal", "lock", "visits", "--unit", f"{top}/North", "--period", span)
    assert "1,000" in run("goal", "show", top, "--period", span)
    text = run("goal", "tree", "visits", *goal)
    assert "North 1" in text and "N1.1 " in text
    assert "plan" in run("goal", "history", "visits", *goal)
    assert f"{top}/North" in run("goal", "diff", "visits", "1", *goal)
    run("goal", "split", "visits", *goal, "--along", "quarter", "--deep", "--dry-run")
    assert run("goal", "days", "visits", *goal)
    run("goal", "unlock", "visits", "--unit", f"{top}/North", "--period", span)
    assert company.cli("goal", "rebalance", "visits", *goal, lang=lang).returncode == 1


def test_what_is_exported_imports_to_the_same(company, director, top, period, tmp_path):
    span = f"{period['from_date']}..{period['to_date']}"
    set_goal(director, top, period, 12345, metric="revenue", stretch_milli=33,
             reason='a "plan", with a comma')
    split(director, top, period, metric="revenue", deep=True)
    along(director, top, period, metric="revenue", deep=True)
    set_goal(director, f"{top}/North", period, 77, locked=True)
    first = company.cli("goal", "export", top, "--period", span)
    assert first.returncode == 0
    rows = list(csv.DictReader(io.StringIO(first.stdout)))
    assert {row["unit"] or row["person"] for row in rows} >= {top, company.handle("n1.1")}
    path = tmp_path / "goals.csv"
    path.write_text(first.stdout)
    assert company.cli("goal", "import", path).returncode == 0
    assert company.cli("goal", "export", top, "--period", span).stdout == first.stdout
    # Into a company that has none of them: moved by a hundred years it makes the same figures.
    path.write_text(first.stdout.replace(period["from_date"][:4], "21" + period["from_date"][2:4]))
    assert company.cli("goal", "import", path).returncode == 0
    other = company.cli("goal", "export", top, "--period", span.replace(",20", "21").replace(
        period["from_date"][:4], "21" + period["from_date"][2:4])).stdout
    keys = ("unit", "person", "metric", "currency", "target", "stretch_milli", "stretched_target",
            "locked")

    def figures(text):
        return sorted(tuple(row[key] for key in keys) + (row["from_date"][4:], row["to_date"][4:])
                      for row in csv.DictReader(io.StringIO(text)))

    assert figures(other) == figures(first.stdout)


def test_a_bad_line_of_an_import_is_named(company, tmp_path):
    path = tmp_path / "goals.csv"
    path.write_text("unit,metric,from_date,to_date,target\n/goal-tree,visits,2038-01-01,2038-01-31,x\n")
    result = company.cli("goal", "import", path)
    assert result.returncode == 1 and "line 2" in result.stderr


def answer_at_a_terminal(company, answer, *arguments, lang="en_US.UTF-8"):
    """What a command says to a person who answers so when asked; on a terminal."""
    controller, terminal = pty.openpty()
    environment = cli_environment(company.daemon.address, company.token_path(None), lang)
    with subprocess.Popen([TIEJUN, *arguments], stdin=terminal, stdout=terminal, stderr=terminal,
                          env=environment) as process:
        os.close(terminal)
        text = b""
        while part := read_part(controller):
            text += part
            if b"[y/n] " in text and answer:
                os.write(controller, answer)
                answer = None
        code = process.wait()
    os.close(controller)
    return code, text.decode()


def read_part(controller):
    try:
        return os.read(controller, 65536)
    except OSError:
        return b""


def test_a_split_asks_before_it_changes_goals_that_are_there(company, director, top, period):
    span = ["--unit", top, "--period", f"{period['from_date']}..{period['to_date']}"]
    set_goal(director, top, period, 100)
    # What changes nothing that was there is not asked about.
    code, text = answer_at_a_terminal(company, None, "goal", "split", "visits", *span, "--deep")
    assert code == 0 and "[y/n]" not in text
    set_goal(director, top, period, 200)
    before = tree(director, top, period)
    for how in (["--deep"], ["--by", "equal"]):
        code, text = answer_at_a_terminal(company, b"n\n", "goal", "split", "visits", *span, *how)
        assert code == 1 and "that are there" in text and "Nothing was changed" in text
        assert tree(director, top, period) == before
    code, text = answer_at_a_terminal(company, "是\n".encode(), "goal", "split", "visits", *span,
                                      "--deep", lang="zh_CN.UTF-8")
    after = tree(director, top, period)
    assert code == 0 and after[top].children_target == 200
    set_goal(director, top, period, 300)
    code, text = answer_at_a_terminal(company, None, "goal", "split", "visits", *span, "--yes")
    assert code == 0 and tree(director, top, period)[top].children_target == 300
