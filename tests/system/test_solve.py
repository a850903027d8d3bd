"""From a gap to a day's work (domain.md 2.7), against a computation of its own, in fractions."""

import collections
import dataclasses
import datetime
import fractions
import math

import pytest

from client import Refused
from company import Company, uuid7
from contract import types

ONE = 10**9
WEIGHT = 20
STAGES = ["visit", "c", "b", "a"]
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
PERIOD = {"from_date": str(TODAY - datetime.timedelta(30)),
          "to_date": str(TODAY + datetime.timedelta(60))}
TARGET = 50_000_00


def day(ago):
    return str(TODAY - datetime.timedelta(ago))


@pytest.fixture(scope="module")
def house(spare):
    it = spare()
    it.start()
    return it


@pytest.fixture(scope="module")
def company(house):
    it = Company(house, "solve")
    # However slow the machine, nothing is answered from what was kept.
    it.director.call("SettingService.Set", unit="/", key="conversion_keep_ms", value="999999999")
    yield it
    it.close()


def solve(company, who=None, **fields):
    answer = company.login(who).call("SolveService.Solve", **{**PERIOD, **fields})
    return answer, {number.name: number for number in answer.numbers}


def what_if(**numbers):
    return [{"name": name.replace("_", "."), "value": value} for name, value in numbers.items()]


def stages(answer):
    return {stage.stage: stage for stage in answer.stages}


def verdict(answer):
    return types.SolveVerdict.Name(answer.verdict).removeprefix("SOLVE_VERDICT_")


# Nothing yet.


@pytest.fixture(scope="module")
def bare(company):
    """The answers of a company in which nothing has ever happened."""
    for unit in ("/", "/solve", "/solve/North/North 1"):
        company.director.call("GoalService.Set", unit=unit, metric="revenue", target=TARGET,
                              **PERIOD)
    for rep in ("n1.1", "n1.2", "n1.3", "s1.1"):
        company.director.call("GoalService.Set", person=company.handle(rep), metric="revenue",
                              target=TARGET, **PERIOD)
    return (solve(company, unit="/"), solve(company, person=company.handle("n1.1")),
            company.cli("goal", "solve", "/", "--from", PERIOD["from_date"],
                        "--to", PERIOD["to_date"]))


def test_2_7_no_signing_at_all_is_answered_honestly(bare):
    for answer, numbers in bare[:2]:
        assert verdict(answer) == "UNKNOWN"
        assert list(answer.missing) == ["order", "rate.visit", "rate.c", "rate.b", "rate.a"]
        assert answer.gap == TARGET and answer.reachable == 0
        assert not any(stage.HasField("needed_micro") for stage in answer.stages)
        assert not answer.HasField("rep_day")
        assert not numbers["order"].HasField("value") and numbers["order"].cases == 0
        # The standard stands all the same.
        assert answer.day_goal == numbers["standard"].value == 8


def test_2_7_what_is_missing_and_what_to_do_is_said(bare):
    shown = bare[2]
    assert shown.returncode == 0, shown.stderr
    words = " ".join(shown.stdout.split())
    assert "Nothing was signed in the whole company" in words
    assert "--what-if order=AMOUNT" in words and "--what-if rate.visit=0.1" in words


# A history.


@dataclasses.dataclass
class Past:
    """What a rep did: counts by which the daemon's are checked."""
    visits: int = 0
    opened: int = 0
    won: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    lost: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    orders: list = dataclasses.field(default_factory=list)

    def __add__(self, other):
        return Past(self.visits + other.visits, self.opened + other.opened,
                    self.won + other.won, self.lost + other.lost, self.orders + other.orders)

    def sample(self, stage):
        if stage == "visit":
            return min(self.opened, self.visits), self.visits
        return self.won[stage], self.won[stage] + self.lost[stage]

    def win(self, grade):
        won = self.won["a"]
        return won, won + sum(self.lost[g] for g in "abc"[:"abc".index(grade) + 1])


class Story:
    """Logs a rep's past, and keeps count."""

    def __init__(self, company):
        self.company = company
        self.past = collections.defaultdict(Past)
        self.hosts = {}

    def visits(self, rep, count, ago):
        """All to one deal, opened before the window, so that they open none."""
        if rep not in self.hosts:
            self.hosts[rep] = self.deal(rep, "c", 700, count=False)
        for outcome in self.company.log(*[
                self.company.good("visit", rep, date=day(ago), deal=self.hosts[rep], customer=None)
                for _ in range(count)]):
            assert outcome.effective, outcome
        self.past[rep].visits += count

    def deal(self, rep, grade, ago, end=None, end_ago=0, value=None, close=None, count=True):
        """A deal that had its grade from the first, and may have ended since."""
        identity = uuid7()
        fields = {"id": identity, "person": self.company.handle(rep), "opened_on": day(ago),
                  "grade": f"GRADE_{grade.upper()}", "customer": self.company.customer()}
        if value is not None:
            fields["value_minor"] = value
        if close is not None:
            fields["expected_close"] = day(-close)
        if end == "lost":
            fields |= {"state": "DEAL_STATE_LOST", "closed_on": day(end_ago), "lost_reason": "x"}
        outcome, = self.company.director.call("DealService.Record", deals=[fields]).outcomes
        assert not outcome.code, outcome
        if end == "signed":
            answer, = self.company.log(self.company.fact(
                "signing", rep, deal=identity, customer=fields["customer"], date=day(end_ago),
                amount_minor=value))
            assert not answer.code, answer
        if count:
            self.count(rep, grade, end, value)
        return identity

    def count(self, rep, grade, end, value):
        past = self.past[rep]
        past.opened += 1
        best = "signed" if end == "signed" else grade
        for stage in "cba"[:{"c": 0, "b": 1, "a": 2, "signed": 3}[best]]:
            past.won[stage] += 1
        if end == "lost":
            past.lost[grade] += 1
        if end == "signed":
            past.orders.append(value)


@pytest.fixture(scope="module")
def story(company, bare):
    it = Story(company)
    it.visits("n1.1", 60, 100)
    it.visits("n1.1", 5, 50)
    it.visits("n1.2", 12, 90)
    it.visits("s1.1", 200, 80)
    for ago in range(1, 7):
        it.deal("n1.1", "a", 60 + ago, "signed", 40, value=1_000_00 + ago)
    it.deal("n1.1", "b", 200, "lost", 90)
    it.deal("n1.1", "c", 200, "lost", 90)
    it.deal("n1.1", "a", 200, "lost", 90)
    it.deal("n1.2", "b", 120, "lost", 100)
    it.deal("n1.2", "a", 120, "signed", 110, value=9_999_99)
    for ago in range(30):
        it.deal("s1.1", "cba"[ago % 3], 150 + ago, "lost" if ago % 4 else "signed", 100,
                value=500_00)
    # Booked in the period, and open.
    it.deal("n1.1", "a", 25, "signed", 5, value=2_000_00)
    it.deal("n1.1", "a", 20, value=3_000_00, close=10)
    it.deal("n1.1", "c", 20, value=700_00)
    it.deal("n1.1", "b", 20, value=4_000_00, close=400)
    it.deal("n1.1", "b", 20, close=10)
    return it


def chain(story, rep):
    """The rep, its team, office, region, and the company."""
    team = {"n1.1": ["n1.1", "n1.2", "n1.3"], "n1.2": ["n1.1", "n1.2", "n1.3"],
            "n1.3": ["n1.1", "n1.2", "n1.3"], "s1.1": ["s1.1", "s1.2"]}[rep]
    everybody = sum(story.past.values(), Past())
    team_past = sum((story.past[who] for who in team), Past())
    return [story.past[rep], team_past, team_past, everybody, everybody]


def half_up(value):
    return math.floor(value + fractions.Fraction(1, 2))


def shrunk(samples, unit=ONE):
    """p = (x + a p_parent) / (n + a), from the company down, rounded at each level."""
    value = None
    for hits, cases in reversed(samples):
        if cases:
            above = 0 if value is None else value * WEIGHT
            weight = 0 if value is None else WEIGHT
            value = half_up(fractions.Fraction(hits * unit + above, cases + weight))
    return value


def median(values):
    return sorted(values)[(len(values) + 1) // 2 - 1]


@pytest.mark.parametrize("rep", ["n1.1", "n1.2", "n1.3", "s1.1"])
def test_2_7_rates_are_shrunk_level_by_level(company, story, rep):
    _, numbers = solve(company, person=company.handle(rep))
    scopes = chain(story, rep)
    for stage in STAGES:
        number = numbers[f"rate.{stage}"]
        assert (number.hits, number.cases) == scopes[0].sample(stage), stage
        assert number.value == shrunk([scope.sample(stage) for scope in scopes]), stage
    for grade in "cba":
        number = numbers[f"win.{grade}"]
        assert (number.hits, number.cases) == scopes[0].win(grade), grade
        assert number.value == shrunk([scope.win(grade) for scope in scopes]), grade
    assert numbers["order"].cases == len(scopes[0].orders)
    assert numbers["order"].value == shrunk(
        [(sum(scope.orders), len(scope.orders)) for scope in scopes], 1)


def test_2_7_a_unit_has_its_own_chain(company, story):
    _, numbers = solve(company, unit="/solve/North/North 1")
    scopes = chain(story, "n1.1")[1:]
    for stage in STAGES:
        assert numbers[f"rate.{stage}"].value == shrunk([scope.sample(stage) for scope in scopes])
    assert numbers["reps"].value == 3
    assert numbers["rate.a"].borrowed_from == "/solve/North"


def test_2_7_zero_history_borrows_and_says_so(company, story):
    """n1.3 has done nothing: its rates are exactly those of its team."""
    _, own = solve(company, person=company.handle("n1.3"))
    _, team = solve(company, unit="/solve/North/North 1")
    for name in [f"rate.{stage}" for stage in STAGES] + ["order", "win.a", "win.b", "win.c"]:
        assert own[name].value == team[name].value, name
        assert own[name].cases == 0
        assert own[name].borrowed_from == "/solve/North/North 1"
        assert own[name].borrowed_cases == team[name].cases > 0
    shown = company.cli("goal", "solve", "--person", company.handle("n1.3"),
                        "--from", PERIOD["from_date"], "--to", PERIOD["to_date"])
    assert "0/0 North 1 " in " ".join(shown.stdout.split()), shown.stdout


def working(first, last):
    days = (last - first).days + 1
    return sum((first + datetime.timedelta(i)).weekday() < 5 for i in range(max(days, 0)))


def test_2_7_the_chain_from_the_gap_to_the_day(company, story):
    answer, numbers = solve(company, person=company.handle("n1.1"))
    value = {name: number.value for name, number in numbers.items()}
    assert value["booked"] == 2_000_00
    # Of the undated deals that of C has days enough left.
    assert value["lag.c"] <= 60
    expected = (half_up(fractions.Fraction(3_000_00 * value["win.a"], ONE))
                + half_up(fractions.Fraction(700_00 * value["win.c"], ONE)))
    assert value["open"] == expected
    gap = TARGET - value["booked"] - expected
    assert answer.gap == gap
    needed = fractions.Fraction(gap, value["order"])
    for stage in ["signing", "a", "b", "c", "visit"]:
        if stage != "signing":
            needed = needed * ONE / value[f"rate.{stage}"]
        got = stages(answer)[stage]
        exact = needed * 10**6
        assert exact <= got.needed_micro <= exact * (1 + fractions.Fraction(1, 10**5)) + 5
        last = TODAY + datetime.timedelta(60 - value.get(f"lag.{stage}", 0))
        assert got.left_millidays == working(TODAY, last) * 1000
        if got.left_millidays:
            assert got.per_day == math.ceil(
                fractions.Fraction(got.needed_micro, 1000 * got.left_millidays))


def test_2_7_lags_are_medians_of_enough_signings(company, story):
    _, numbers = solve(company, unit="/")
    # Opened and signed: seven, one and eight deals.
    spans = [20 + ago for ago in range(1, 7)] + [20, 10] + [
        50 + ago for ago in range(0, 30, 4)]
    assert numbers["lag.c"].value == median(spans)
    assert numbers["lag.c"].cases == len(spans)
    assert numbers["lag.visit"].value == numbers["lag.c"].value


def test_2_7_open_deals_are_counted_by_when_they_close(company, story):
    answer, _ = solve(company, person=company.handle("n1.1"))
    by_grade = {deals.grade: deals for deals in answer.open}
    assert (by_grade["a"].deals, by_grade["a"].value_minor) == (1, 3_000_00)
    assert (by_grade["b"].later_deals, by_grade["b"].later_minor) == (1, 4_000_00)
    assert (by_grade["b"].deals, by_grade["b"].unvalued_deals) == (0, 1)
    assert (by_grade["c"].undated_deals, by_grade["c"].undated_minor) == (1, 700_00)


def test_2_7_solve_inverts_itself(company, story):
    """The solved visits at the same rates bring the gap back."""
    for scope in ({"unit": "/"}, {"unit": "/solve"}, {"person": company.handle("n1.1")},
                  {"person": company.handle("n1.3")}):
        answer, numbers = solve(company, **scope)
        worth = fractions.Fraction(stages(answer)["visit"].needed_micro, 10**6)
        for stage in STAGES:
            worth *= fractions.Fraction(numbers[f"rate.{stage}"].value, ONE)
        worth *= numbers["order"].value
        assert answer.gap <= worth <= answer.gap + numbers["order"].value * 5 / 10**6 + 1, scope


def test_2_7_more_gap_never_asks_for_less(company, story):
    before = None
    for target in range(0, 20_000_00, 77_77):
        answer, _ = solve(company, person=company.handle("n1.1"),
                          replacements=what_if(target=target, lag_visit=3))
        now = (answer.gap, stages(answer)["visit"].needed_micro, answer.rep_day, answer.day_goal)
        assert before is None or all(a >= b for a, b in zip(now, before))
        before = now
    assert before[2] > 0


def test_2_7_capacity_is_what_was_shown(company, story):
    """n1.1 has two days of its own, so its team's count: 60, 5 and 12 visits on three."""
    _, numbers = solve(company, person=company.handle("n1.1"))
    capacity = numbers["capacity"]
    assert capacity.borrowed_from == "/solve/North/North 1"
    assert capacity.value == 60 and capacity.borrowed_cases >= 3 and capacity.cases >= 2


def test_2_7_infeasible_says_what_can_be_reached(company, story):
    scope = {"person": company.handle("n1.1")}
    chosen = what_if(target=10**12, capacity=10, lag_visit=3)
    answer, numbers = solve(company, **scope, replacements=chosen)
    assert verdict(answer) == "INFEASIBLE"
    assert numbers["booked"].value + numbers["open"].value < answer.reachable < 10**12
    chosen[0]["value"] = answer.reachable
    assert verdict(solve(company, **scope, replacements=chosen)[0]) == "FEASIBLE"
    chosen[0]["value"] = answer.reachable * 2
    assert verdict(solve(company, **scope, replacements=chosen)[0]) == "INFEASIBLE"


def test_2_7_too_late_for_a_visit(company, story):
    answer, numbers = solve(company, person=company.handle("n1.1"),
                            replacements=what_if(lag_visit=61))
    assert verdict(answer) == "INFEASIBLE" and not answer.HasField("rep_day")
    assert answer.reachable == numbers["booked"].value + numbers["open"].value


def test_2_7_covered(company, story):
    answer, _ = solve(company, person=company.handle("n1.1"), replacements=what_if(target=100))
    assert (verdict(answer), answer.gap, answer.rep_day, answer.day_goal) == ("COVERED", 0, 0, 8)


# What if.


@pytest.mark.parametrize("name", [
    "target", "booked", "open", "order", "rate.visit", "rate.c", "rate.b", "rate.a", "win.c",
    "win.b", "win.a", "lag.visit", "lag.c", "lag.b", "lag.a", "capacity", "standard", "reps",
    "days"])
def test_2_7_every_number_can_be_replaced(company, story, name):
    answer, numbers = solve(company, unit="/solve", replacements=[{"name": name, "value": 7}])
    assert numbers[name].value == 7 and numbers[name].replaced
    assert [other for other in numbers if numbers[other].replaced] == [name]
    assert set(numbers) == {number.name for number in answer.numbers}


@pytest.mark.parametrize("name, value, code", [
    ("luck", 1, "unknown_number"), ("rate.c", 0, "bad_number"), ("rate.c", ONE + 1, "bad_number"),
    ("order", 0, "bad_number"), ("target", -1, "bad_number"), ("lag.c", 10**6, "bad_number"),
])
def test_2_7_numbers_that_cannot_be(company, story, name, value, code):
    with pytest.raises(Refused) as caught:
        solve(company, unit="/solve", replacements=[{"name": name, "value": value}])
    assert caught.value.code == code and name in caught.value.message


def test_2_7_what_if_as_typed(company, story):
    shown = company.cli("goal", "solve", "/solve", "--from", PERIOD["from_date"], "--csv",
                        "--to", PERIOD["to_date"], "--what-if",
                        "target=1,234,567.89,order=3,000,rate.visit=12.5%,rate.a=0.25,days=15.5")
    assert shown.returncode == 0, shown.stderr
    rows = dict(line.split(",")[:2] for line in shown.stdout.splitlines())
    assert rows["target"] == "1234567.89" and rows["order"] == "3000.00"
    assert rows["rate.visit"] == "0.125000000" and rows["rate.a"] == "0.250000000"
    assert rows["days"] == "15.5"
    for text in ("order", "rate.visit=12%5", "rate.visit=100.1%", "days=15.5555",
                 "lag.c=9223372036854775808"):
        wrong = company.cli("goal", "solve", "/solve", "--what-if", text)
        assert wrong.returncode == 2 and text in wrong.stderr


# Days, rights, refusals.


def test_2_7_as_of_a_past_day(company, story):
    """Six days ago the last deal was open and nothing of the period was booked."""
    answer, numbers = solve(company, person=company.handle("n1.1"), as_of=day(6))
    assert numbers["booked"].value == 0
    grade_a, = [deals for deals in answer.open if deals.grade == "a"]
    assert grade_a.undated_deals == 1 and grade_a.undated_minor == 2_000_00
    assert numbers["rate.a"].hits == 6
    assert numbers["days"].value == working(TODAY - datetime.timedelta(6),
                                            TODAY + datetime.timedelta(60)) * 1000


def test_2_7_refusals(company, story):
    handle = company.handle("n1.1")
    for fields, code in (({"as_of": day(-1)}, "day_to_come"),
                         ({"from_date": day(90), "to_date": day(60)}, "period_over"),
                         ({"to_date": day(-61)}, "no_revenue_goal")):
        with pytest.raises(Refused) as caught:
            solve(company, person=handle, **fields)
        assert caught.value.code == code


def test_a_rep_solves_for_itself_with_the_companys_rates(company, story):
    handle = company.handle("n1.3")
    by_rep, _ = solve(company, who="n1.3", person=handle)
    by_director, _ = solve(company, person=handle)
    assert by_rep == by_director
    with pytest.raises(Refused) as caught:
        solve(company, who="n1.3", person=company.handle("n1.1"))
    assert caught.value.status == "FORBIDDEN"


def test_who_leads_nobody_solves_for_itself(company, story):
    answer, _ = solve(company, who="n1.1")
    assert answer.scope == company.handle("n1.1")
    assert solve(company, who="lead.n1")[0].scope == "/solve/North/North 1"
    with pytest.raises(Refused) as caught:
        solve(company, who="n1.1", unit="/solve/North/North 1")
    assert caught.value.status == "FORBIDDEN"


# Leave (2.5).


def test_2_5_leave_is_no_time_left(company, story):
    handle = company.handle("n1.3")
    days = [TODAY + datetime.timedelta(i) for i in range(7, 21)]
    away = [day for day in days if day.weekday() < 5][:3]
    before, _ = solve(company, person=handle)
    company.director.call("LeaveService.Add", person=handle, from_date=str(away[0]),
                          to_date=str(away[0]))
    company.director.call("LeaveService.Add", person=handle, from_date=str(away[2]),
                          to_date=str(away[2]), away_milli=500)
    after, numbers = solve(company, person=handle)
    left = stages(before)["signing"].left_millidays
    assert stages(after)["signing"].left_millidays == numbers["days"].value == left - 1500
    # The team's days are the calendar's.
    _, team = solve(company, unit="/solve/North/North 1")
    assert team["days"].value == left


# Counts that are kept.


def test_counts_that_took_long_are_kept_a_while(company, story):
    """With the time from which on set to 0, everything takes long: the company's are kept, and a
    person's own are not."""
    handle = company.handle("n1.2")
    before, numbers = solve(company, person=handle)
    company.director.call("SettingService.Set", unit="/", key="conversion_keep_ms", value="0")
    fresh, _ = solve(company, person=handle)
    assert fresh == before
    again, _ = solve(company, person=handle)
    assert again == before
    company.director.call("SettingService.Set", unit="/", key="conversion_keep_ms",
                          value="999999999")
    story.deal("n1.2", "a", 50, "lost", 20)
    _, after = solve(company, person=handle)
    assert after["rate.a"].cases == numbers["rate.a"].cases + 1


def test_2_7_open_deals_count_for_no_more_than_a_figure_holds(house):
    most = 2**63 - 1
    company = Company(house, "most")
    company.director.call("DealService.Record", deals=[
        {"id": uuid7(), "person": company.handle("n1.1"), "customer": company.customer(),
         "opened_on": day(5), "grade": "GRADE_A", "value_minor": most, **fields}
        for fields in ({"expected_close": day(-5)}, {})])
    answer, numbers = solve(company, person=company.handle("n1.1"), replacements=what_if(
        target=TARGET, lag_a=0, win_a=ONE))
    deals, = answer.open
    assert (deals.counted_deals, deals.counted_minor, deals.expected_minor) == (2, most, most)
    assert (numbers["open"].value, verdict(answer)) == (most, "COVERED")
    company.close()
