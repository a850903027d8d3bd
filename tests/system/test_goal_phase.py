"""One phase of a goal for all who read it (domain.md 2.6, 2.8, 2.9): the days that GoalService.Phase
lays it on are those of every report, with season, leave, and what re-balances left as it was."""

import datetime
import random
from fractions import Fraction

import pytest

from client import Refused

DAYS = 56
DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def director(company):
    return company.login()


@pytest.fixture(scope="module")
def today(director, company):
    return datetime.date.fromisoformat(
        director.call("ReportService.Rollup", unit=company.region).today)


@pytest.fixture
def generator():
    seed = random.randrange(2**32)
    print("seed", seed)
    return random.Random(seed)


def span(first, last):
    return {"from_date": str(first), "to_date": str(last)}


def around(today):
    return span(today - DAYS // 2 * DAY, today + DAYS // 2 * DAY)


def days_of(client, scope, metric, period, **fields):
    answer = client.call("GoalService.Phase", metric=metric, **scope, **period, **fields)
    return list(answer.goals[0].targets)


def rollup(client, scope, metric, first, last, **fields):
    return client.call("ReportService.Rollup", metrics=[metric], **scope, **span(first, last),
                       **fields)


def assert_reports_agree(client, generator, scope, metric, period):
    """Every range of a goal's period asks for the sum of its days, and each day for its own."""
    first = datetime.date.fromisoformat(period["from_date"])
    days = days_of(client, scope, metric, period)
    for _ in range(6):
        begin, end = sorted(generator.sample(range(len(days)), 2))
        if end - begin == len(days) - 1:
            continue
        answer = rollup(client, scope, metric, first + begin * DAY, first + end * DAY,
                        group_by="GROUP_BY_DAY")
        assert [row.target for row in answer.rows] == days[begin:end + 1]
        assert [row.target for row in answer.totals] == [sum(days[begin:end + 1])]
    return days


def work_done(company, kind, who, count, today):
    """So many facts of yesterday."""
    at = datetime.datetime.combine(today - DAY, datetime.time(12), datetime.UTC)
    facts = [company.good(kind, who, occurred_at={"seconds": int(at.timestamp())})
             for _ in range(count)]
    assert not [outcome for outcome in company.log(*facts) if outcome.code]


def test_2_6_reports_of_a_person_know_its_leave(director, company, today, generator):
    who = {"person": company.handle("n1.1")}
    period = around(today)
    for _ in range(6):
        day = today + generator.randrange(-20, 20) * DAY
        director.call("LeaveService.Add", **who, **span(day, day),
                      away_milli=generator.choice([250, 500, 1000]))
    director.call("CalendarService.Set", unit=company.unit("North"), days=[
        {"date": str(today + generator.randrange(-20, 20) * DAY), "factor_milli": milli}
        for milli in (0, 500, 1000)])
    for target in (0, 5, generator.randrange(10**3), generator.randrange(10**15)):
        director.call("GoalService.Set", metric="materials", target=target, **who, **period)
        assert sum(assert_reports_agree(director, generator, who, "materials", period)) == target


def test_2_6_a_goal_without_a_working_day_is_laid_on_all(director, company, generator):
    unit = {"unit": company.unit("North")}
    period = span("2041-03-01", "2041-03-12")
    director.call("CalendarService.Set", **unit, days=[
        {"date": f"2041-03-{day:02}", "factor_milli": 0} for day in range(1, 13)])
    director.call("GoalService.Set", metric="materials", target=100, **unit, **period)
    days = assert_reports_agree(director, generator, unit, "materials", period)
    assert sorted(set(days)) == [8, 9] and sum(days) == 100


def test_2_6_the_season_of_a_split_stays_with_the_goal(director, company, generator):
    unit = {"unit": company.unit("South")}
    year = span("2042-01-01", "2042-12-31")
    november = span("2042-11-01", "2042-11-30")
    goal = {"metric": "negotiations", **unit}

    def along(**fields):
        return director.call("GoalService.SplitAlong", part="GOAL_PART_MONTH", **goal, **year,
                             **fields)

    director.call("GoalService.Set", target=100_000, **goal, **year)
    plain = days_of(director, unit, "negotiations", year)
    seasons = [{"child": "11", "weight": 3000}, {"child": "2042-11-11", "weight": 20_000}]
    along(seasons=seasons)
    days = days_of(director, unit, "negotiations", year)
    assert days != plain and sum(days) == 100_000
    assert days == days_of(director, unit, "negotiations", year, seasons=seasons)
    # Tuesday the 11th of November, among its neighbours.
    month = days_of(director, unit, "negotiations", november)
    assert month[10] > 6 * month[9] > 0
    assert_reports_agree(director, generator, unit, "negotiations", november)
    # A new figure has the same season; what is split without one has none.
    director.call("GoalService.Set", target=200_000, **goal, **year)
    versions = director.call("GoalService.History", **goal, **year).versions
    assert [version.seasons for version in versions] == [
        "11=3000 2042-11-11=20000", "11=3000 2042-11-11=20000", ""]
    along()
    days = days_of(director, unit, "negotiations", year)
    assert max(days) - min(day for day in days if day) <= 1
    with pytest.raises(Refused) as caught:
        along(seasons=[{"child": "Nov", "weight": 3000}])
    assert caught.value.code == "bad_season"


@pytest.mark.parametrize("season", [False, True])
def test_2_9_done_days_stay_and_the_rest_is_phased_again(director, company, today, generator,
                                                         season):
    metric, kind = ("negotiations", "negotiation") if season else ("materials", "material")
    unit = {"unit": company.unit("North")}
    team = {"unit": company.unit("North/North 2")}
    period = around(today)
    offset = DAYS // 2
    done = generator.randrange(1, 6)
    work_done(company, kind, "n2.1", done, today)
    target = generator.randrange(100, 10**6)
    director.call("GoalService.Set", metric=metric, target=target, **unit, **period)
    director.call("GoalService.Split", metric=metric, deep=True, method="SPLIT_METHOD_HEADCOUNT",
                  **unit, **period)
    if season:
        director.call("GoalService.SplitAlong", metric=metric, part="GOAL_PART_WEEK", deep=True,
                      seasons=[{"child": str(today + 2 * DAY)[:7], "weight": 2500}], **unit,
                      **period)
    before = {str(scope): days_of(director, scope, metric, period) for scope in (unit, team)}
    director.call("GoalService.Rebalance", metric=metric, deep=True, **unit, **period)
    for scope in (unit, team):
        days = (days_of if season else lambda *a: assert_reports_agree(
            director, generator, *a[1:]))(director, scope, metric, period)
        assert days[:offset] == before[str(scope)][:offset]
        row, = rollup(director, scope, metric, *map(datetime.date.fromisoformat,
                                                    period.values())).totals
        worked = row.effective
        assert sum(days[offset:]) == row.target - worked
        # 2.8: what was done, and of the rest the part of the days that have passed.
        paced = director.call("PaceService.Show", metric=metric, **scope, **period).total
        assert row.expected == paced.expected and row.pace_milli == paced.pace_milli
        assert abs(row.expected - worked - days[offset]) <= 1
        if not season:
            left = row.working_millidays - row.elapsed_millidays
            passed = 1000 if days[offset] else 0
            share = Fraction(passed, left + passed)
            expected = worked + (row.target - worked) * share
            assert row.expected == int(expected + Fraction(1, 2))


def test_2_3_a_stretch_is_shown_wherever_the_target_is(director, company):
    unit = company.unit("South/South 1")
    half = span("2043-01-01", "2043-06-30")
    goal = {"unit": unit, "metric": "signings"}
    for quarter, stretch in ((span("2043-01-01", "2043-03-31"), 100),
                             (span("2043-04-01", "2043-06-30"), 50)):
        director.call("GoalService.Set", target=1000, stretch_milli=stretch, **goal, **quarter)

    def shown(**period):
        row, = director.call("ReportService.Rollup", unit=unit, metrics=["signings"],
                             **period).totals
        return row.target, row.stretch_milli

    assert shown(**span("2043-01-01", "2043-03-31")) == (1100, 100)
    # Of goals that make up the range together, what they come to.
    assert shown(**half) == (2150, 75)
    target, stretch = shown(**span("2043-02-01", "2043-02-28"))
    assert 300 < target < 400 and abs(stretch - 100) <= 2
    paced = director.call("PaceService.Show", unit=unit, metric="signings", **half).total
    assert (paced.target, paced.stretch_milli) == (2150, 75)
    text = company.cli("report", "rollup", unit, "--metric", "signings", "--period",
                       "2043-Q1").stdout
    assert "stretch" in text and "10.0%" in text
