"""Where a period under way stands (domain.md 2.8), against a computation of its own."""

import datetime
import fractions
import math

import pytest

from client import Refused
from company import uuid7

PERIOD = {"from_date": "2025-03-01", "to_date": "2025-04-30"}
LAST = datetime.date(2025, 4, 30)
TEAM = "/pace/North/North 1"
DONE = {"n1.1": {"2025-03-03": 300_00, "2025-03-31": 250_55, "2025-04-10": 999_99},
        "n1.2": {"2025-03-14": 10_00}, "n2.1": {"2025-03-05": 5_000_00}, "s1.1": {}}
GOALS = {"n1.1": 2_000_00, "n1.2": 1_000_01, "n2.1": 900_00, "s1.1": 700_00}


def half_up(value):
    return math.floor(value + fractions.Fraction(1, 2))


def working(first, last):
    first, last = (datetime.date.fromisoformat(str(day)) for day in (first, last))
    return sum((first + datetime.timedelta(i)).weekday() < 5
               for i in range((last - first).days + 1))


@pytest.fixture(scope="module")
def books(company):
    # However slow the machine, nothing is answered from what was kept.
    company.director.call("SettingService.Set", unit="/", key="conversion_keep_ms",
                          value="999999999")
    for rep, days in DONE.items():
        for day, amount in days.items():
            outcome, = company.log(company.good("signing", rep, date=day, amount_minor=amount))
            assert not outcome.code, outcome
    for rep, target in GOALS.items():
        company.director.call("GoalService.Set", person=company.handle(rep), metric="revenue",
                              target=target, **PERIOD)
    for unit, target in {"/pace": 5_000_00, "/pace/North": 4_000_00, TEAM: 3_000_01,
                         "/pace/South": 700_00}.items():
        company.director.call("GoalService.Set", unit=unit, metric="revenue", target=target,
                              **PERIOD)
    return company


def pace(company, who=None, **fields):
    return company.login(who).call("PaceService.Show", **{**PERIOD, **fields})


def actual(reps, as_of):
    return sum(amount for rep in reps for day, amount in DONE[rep].items() if day <= as_of)


def check(row, reps, target, as_of):
    """The figures of 2.8, in fractions."""
    all_days = working(PERIOD["from_date"], PERIOD["to_date"])
    passed = working(PERIOD["from_date"], as_of)
    done = actual(reps, as_of)
    assert (row.actual, row.target) == (done, target)
    assert (row.working_millidays, row.elapsed_millidays) == (all_days * 1000, passed * 1000)
    assert row.expected == half_up(fractions.Fraction(target * passed, all_days))
    assert row.pace_milli == half_up(fractions.Fraction(done * all_days * 1000, target * passed))
    assert row.projection == half_up(fractions.Fraction(done * all_days, passed))
    if passed < all_days:
        assert row.required_per_day == math.ceil(
            fractions.Fraction(max(target - done, 0), all_days - passed))
    else:
        assert not row.HasField("required_per_day")
    assert sum(row.trend) == done
    assert row.outlook == row.actual + row.open_expected


@pytest.mark.parametrize("as_of", ["2025-03-03", "2025-03-31", "2025-04-13", "2025-04-30"])
def test_2_8_every_figure(books, as_of):
    team = pace(books, unit=TEAM, as_of=as_of)
    check(team.total, ["n1.1", "n1.2"], 3_000_01, as_of)
    rows = {row.group: row for row in team.rows}
    # n1.3 has neither a goal nor work and is there with nothing; who leads the team is not.
    for rep in ("n1.1", "n1.2"):
        check(rows[books.handle(rep)], [rep], GOALS[rep], as_of)
    assert books.handle("lead.n1") not in rows
    region = pace(books, unit="/pace", as_of=as_of)
    check(region.total, list(DONE), 5_000_00, as_of)
    assert {row.group: row.actual for row in region.rows} == {
        "/pace/North": actual(["n1.1", "n1.2", "n2.1"], as_of), "/pace/South": 0}


def test_2_8_worst_first(books):
    answer = pace(books, unit="/pace", as_of="2025-03-31")
    assert [row.group for row in answer.rows] == ["/pace/South", "/pace/North"]
    paces = [row.pace_milli for row in answer.rows]
    assert paces == sorted(paces) and paces[0] == 0


def test_2_8_facts_after_that_day_do_not_count(books):
    before = pace(books, person=books.handle("n1.1"), as_of="2025-04-09")
    assert before.total.actual == 550_55
    after = pace(books, person=books.handle("n1.1"), as_of="2025-04-10")
    assert after.total.actual == 1_550_54


def test_4_6_the_same_figures_for_whoever_may_see_them(books):
    """A rep's own line is the same alone and in the team, for itself and for those above."""
    handle = books.handle("n1.1")
    own = pace(books, who="n1.1")
    assert own.scope == handle and not own.rows
    assert pace(books, person=handle).total == own.total
    inside, = [row for row in pace(books, who="lead.n1", unit=TEAM).rows if row.group == handle]
    inside.slot = 0
    assert inside == own.total


def test_2_8_of_revenue_open_deals_stand_beside(books):
    """p(grade) x value of those that should close in the period, in 10 days or 400."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    period = {"from_date": str(today - datetime.timedelta(20)),
              "to_date": str(today + datetime.timedelta(40))}
    rep = books.handle("s1.2")
    # Some deals that were signed lately, for there to be a chance at all.
    books.log(*[books.good("signing", "s1.1", date=str(today - datetime.timedelta(30)))
                for _ in range(3)])
    deals = [{"id": uuid7(), "person": rep, "customer": books.customer(), "grade": "GRADE_A",
              "opened_on": period["from_date"], "value_minor": 1_000_00 * (i + 1),
              "expected_close": str(today + datetime.timedelta(days))}
             for i, days in enumerate((10, 400))]
    for outcome in books.director.call("DealService.Record", deals=deals).outcomes:
        assert not outcome.code, outcome
    books.director.call("GoalService.Set", person=rep, metric="revenue", target=9_000_00, **period)
    answer = books.director.call("PaceService.Show", person=rep, **period)
    solved = books.director.call("SolveService.Solve", person=rep, **period)
    win, = [number.value for number in solved.numbers if number.name == "win.a"]
    assert answer.total.open_deals == 1
    assert answer.total.open_expected == half_up(fractions.Fraction(1_000_00 * win, 10**9)) > 0
    expected, = [number.value for number in solved.numbers if number.name == "open"]
    assert answer.total.open_expected == expected
    assert answer.total.outlook == answer.total.actual + expected


def test_2_8_other_metrics_have_standards_and_no_outlook(books):
    row = pace(books, unit=TEAM, metric="visits", as_of="2025-03-31").total
    days = working("2025-03-01", "2025-04-30")
    assert (row.target, row.target_source) == (3 * 8 * days, "standard")
    assert not row.HasField("outlook") and not row.HasField("currency")


def test_refusals(books):
    for fields, code in (({"metric": "luck"}, "unknown_metric"),
                         ({"as_of": "2199-01-01"}, "day_to_come"),
                         ({"from_date": "2025-05-01"}, "dates_reversed")):
        with pytest.raises(Refused) as caught:
            pace(books, unit=TEAM, **fields)
        assert caught.value.code == code
    with pytest.raises(Refused) as caught:
        pace(books, who="n1.1", unit=TEAM)
    assert caught.value.status == "FORBIDDEN"


@pytest.mark.parametrize("locale", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_it_fits_a_terminal_of_80(books, locale):
    shown = books.cli("goal", "pace", "/pace", "--from", PERIOD["from_date"], "--to",
                      PERIOD["to_date"], "--as-of", "2025-03-31", lang=locale)
    assert shown.returncode == 0, shown.stderr
    for line in shown.stdout.splitlines():
        assert sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) <= 80, line
    # The drawing, and what to look at next.
    assert any(0x2800 < ord(letter) <= 0x28FF for letter in shown.stdout)
    assert 'tiejun goal pace "/pace/South" --period 2025-03-01..2025-04-30' in shown.stdout
