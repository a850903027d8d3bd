"""Take results (domain.md 4.6): roll-ups, targets and pace (2.8), funnels with their win rates."""

import datetime
import random

import pytest

import recompute
from client import Refused
from contract import types

MONTH = {"from_date": "2025-06-01", "to_date": "2025-06-30"}
HALF = {"from_date": "2025-02-03", "to_date": "2025-08-17"}
KINDS = ["appointment", "new_customer", "visit", "material", "negotiation", "signing", "payment"]


@pytest.fixture(scope="module")
def director(company):
    return company.login()


@pytest.fixture(scope="module")
def work(company, director):
    """600 facts of everybody over 2025, some not effective, some taken back; as they are listed."""
    seed = random.randrange(2**32)
    print("seed", seed)
    generator = random.Random(seed)
    people = [short for team in company.TEAMS.values() for short in team] + ["lead.n1", "boss"]
    facts = []
    for _ in range(600):
        day = datetime.date(2025, 1, 1) + datetime.timedelta(days=generator.randrange(365))
        kind = generator.choice(KINDS)
        fields = {"minutes": 3} if kind == "visit" and generator.random() < 0.3 else {}
        if kind in ("signing", "payment"):
            fields["amount_minor"] = generator.randrange(1, 10**9)
            fields["currency"] = generator.choice(["USD", "USD", "EUR"])
        facts.append(company.good(kind, generator.choice(people), date=str(day), **fields))
    voids = [{"id": f["id"][:-4] + "0000", "kind": "FACT_KIND_VOID", "person": f["person"],
              "voids": f["id"]} for f in generator.sample(facts, 60)]
    for outcome in company.log(*facts, *voids):
        assert outcome.intake == types.INTAKE_ACCEPTED, outcome
    return director.pages("FactService.List", "facts", unit=company.region, page_size=1000,
                          from_date="2025-01-01", to_date="2025-12-31")


def rollup(client, **fields):
    return client.call("ReportService.Rollup", **fields)


def expected(facts, group=lambda fact: "", unit="/report", span=HALF):
    inside = [f for f in facts if span["from_date"] <= f.local_date <= span["to_date"]
              and (f.unit + "/").startswith(unit + "/")]
    return recompute.totals(inside, types.FactKind.Name, group)


def by_slot(rows):
    return {(row.group, row.metric): row for row in rows}


# Sums.


def test_4_6_the_whole_scope(work, director):
    assert recompute.reported(rollup(director, unit="/report", **HALF).totals) == expected(work)


@pytest.mark.parametrize("unit", ["/report", "/report/North", "/report/North/North 1"])
@pytest.mark.parametrize("group", ["REP", "DAY", "WEEK", "MONTH", "QUARTER"])
def test_4_6_by_group(work, director, group, unit):
    answer = rollup(director, unit=unit, group_by=f"GROUP_BY_{group}", **HALF)
    want = expected(work, recompute.GROUPS[group], unit)
    if group in ("WEEK", "MONTH", "QUARTER"):
        # The first group begins with the range.
        want = {(max(key[0], HALF["from_date"]), *key[1:]): value for key, value in want.items()}
    assert recompute.reported(answer.rows) == want
    assert recompute.reported(answer.totals) == expected(work, unit=unit)


@pytest.mark.parametrize("unit", ["/report", "/report/North"])
def test_4_6_by_unit_with_a_line_for_the_units_own_people(work, director, unit):
    answer = rollup(director, unit=unit, group_by="GROUP_BY_UNIT", **HALF)
    assert recompute.reported(answer.rows) == expected(work, recompute.child_of(unit), unit)


def test_4_6_by_team(work, director):
    """Teams alone: who belongs to the region itself is in the total."""
    answer = rollup(director, unit="/report", group_by="GROUP_BY_TEAM", **HALF)
    want = expected(work, recompute.GROUPS["TEAM"])
    teams = {key: value for key, value in want.items() if key[0].count("/") == 3}
    got = recompute.reported(answer.rows)
    assert {key: value for key, value in got.items() if key[0].count("/") == 3} == teams


def test_4_6_one_person(work, company):
    for who in (None, "n1.1"):
        answer = rollup(company.login(who), person="report.n1.1", **HALF)
        mine = [fact for fact in work if fact.person == "report.n1.1"]
        assert recompute.reported(answer.totals) == expected(mine)
        assert answer.scope == "report.n1.1"


@pytest.mark.parametrize("group", ["UNIT", "TEAM", "REP", "DAY", "WEEK", "MONTH", "QUARTER"])
def test_4_6_children_sum_to_the_total(work, company, director, group):
    answer = rollup(director, unit="/report/North", group_by=f"GROUP_BY_{group}", **HALF)
    sums = {}
    for (_, metric, currency), pair in recompute.reported(answer.rows).items():
        old = sums.get(("", metric, currency), (0, 0))
        sums["", metric, currency] = (old[0] + pair[0], old[1] + pair[1])
    assert sums == recompute.reported(answer.totals)


def test_4_6_random_ranges(work, director):
    """Whole months come from one grain, the rest from another: any range agrees."""
    generator = random.Random(20260708)
    for _ in range(40):
        days = sorted(datetime.date(2025, 1, 1) + datetime.timedelta(generator.randrange(365))
                      for _ in range(2))
        span = {"from_date": str(days[0]), "to_date": str(days[1])}
        unit = generator.choice(["/report", "/report/North", "/report/South/South 1"])
        got = recompute.reported(rollup(director, unit=unit, **span).totals)
        assert got == expected(work, unit=unit, span=span), span


def test_4_6_everybody_sees_the_same(work, company, director):
    fields = {"unit": "/report", "group_by": "GROUP_BY_REP", **HALF}
    assert rollup(director, **fields) == rollup(company.login("boss"), **fields)


def test_4_6_who_may_see_what(work, company):
    rep, lead = company.login("n1.1"), company.login("lead.n1")
    assert rollup(lead, **HALF).scope == "/report/North/North 1"
    for client, fields in ((rep, {"person": "report.n1.2"}), (rep, {"unit": "/report"}),
                           (lead, {"unit": "/report/North"}), (lead, {"person": "report.n2.1"})):
        with pytest.raises(Refused) as caught:
            rollup(client, **fields, **HALF)
        assert caught.value.status == "FORBIDDEN"


def test_4_6_metrics_asked_for(work, director):
    answer = rollup(director, unit="/report", metrics=["visits", "signings"], **HALF)
    assert [row.metric for row in answer.totals] == ["visits", "signings"]
    with pytest.raises(Refused) as caught:
        rollup(director, unit="/report", metrics=["handshakes"], **HALF)
    assert caught.value.code == "unknown_metric"


def test_a_trend_is_the_effective_over_the_range(work, director):
    answer = rollup(director, unit="/report", group_by="GROUP_BY_UNIT", **HALF)
    for row in answer.rows:
        assert len(row.trend) <= 24 and sum(row.trend) == row.effective


# As it was, and as it is (1.1).


@pytest.fixture(scope="module")
def moved(company, director):
    """Moved from North 2 to South 1 on 10 June, with 3 visits before and 5 after."""
    director.call("PersonService.Add", handle="report.moved", name="Moved",
                  unit="/report/North/North 2", from_date="2026-01-01")
    def log(day):
        outcome, = company.log({**company.good("visit", date=day), "person": "report.moved"})
        assert outcome.intake == types.INTAKE_ACCEPTED, outcome
    for day in ("2026-03-02", "2026-03-03", "2026-03-09"):
        log(day)
    director.call("PersonService.Move", person="report.moved", unit="/report/South/South 1",
                  from_date="2026-03-10")
    for day in ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-30", "2026-04-01"):
        log(day)


def visits(client, unit, span, **fields):
    rows = rollup(client, unit=unit, metrics=["visits"], **span, **fields).totals
    return sum(row.actual for row in rows)


SPRING = {"from_date": "2026-03-01", "to_date": "2026-04-30"}


def test_1_1_work_counts_where_it_was_done(moved, director):
    assert visits(director, "/report/North/North 2", SPRING) == 3
    assert visits(director, "/report/South/South 1", SPRING) == 5
    assert visits(director, "/report/North", SPRING) == 3
    assert visits(director, "/report", SPRING) == 8


def test_1_1_todays_tree_over_past_work(moved, director):
    assert visits(director, "/report/North/North 2", SPRING, as_is=True) == 0
    assert visits(director, "/report/South/South 1", SPRING, as_is=True) == 8
    assert visits(director, "/report/South", SPRING, as_is=True) == 8
    assert visits(director, "/report", SPRING, as_is=True) == 8
    rows = by_slot(rollup(director, unit="/report", group_by="GROUP_BY_UNIT", metrics=["visits"],
                          as_is=True, **SPRING).rows)
    assert rows["/report/North", "visits"].actual == 0
    assert rows["/report/South", "visits"].actual == 8


def test_1_1_a_moved_unit(company, director):
    for office in ("Old", "New"):
        director.call("OrgService.AddUnit", parent="/report", name=office,
                      kind="UNIT_KIND_OFFICE", from_date="2026-01-01")
    director.call("OrgService.Import", rows=[
        {"line": 1, "unit": "/report/Old/Nomads", "kinds": "region/office/team",
         "handle": "report.nomad", "name": "Nomad", "from_date": "2026-01-01"}])
    before = [{**company.good("visit", date="2026-03-09"), "person": "report.nomad"}]
    after = [{**company.good("visit", date="2026-03-11"), "person": "report.nomad"}
             for _ in range(2)]
    company.log(*before)
    director.call("OrgService.MoveUnit", unit="/report/Old/Nomads", parent="/report/New",
                  from_date="2026-03-10")
    company.log(*after)
    assert visits(director, "/report/Old", SPRING) == 1
    assert visits(director, "/report/New", SPRING) == 2
    assert visits(director, "/report/New", SPRING, as_is=True) == 3
    assert visits(director, "/report/New/Nomads", SPRING) == 3


# Targets and pace (2.8).


@pytest.fixture(scope="module")
def past(company, director):
    """May 2024: 23 working days, all gone; North 2 has goals, work and no holiday."""
    goal = {"unit": "/report/North/North 2", "from_date": "2024-05-01", "to_date": "2024-05-31"}
    director.call("GoalService.Set", metric="visits", target=40, **goal)
    director.call("GoalService.Set", metric="revenue", target=1_000_000, **goal)
    company.log(*[company.good("visit", "n2.1", date=f"2024-05-{day:02}") for day in range(1, 24)],
                company.good("visit", "n2.2", date="2024-05-02", minutes=1),
                company.good("signing", "n2.2", date="2024-05-02", amount_minor=333_333))
    return {name: goal[name] for name in ("from_date", "to_date")}


def test_2_8_goals_are_measured_by_what_was_effective(past, director):
    answer = rollup(director, unit="/report/North/North 2", metrics=["visits", "revenue"], **past)
    assert (answer.working_millidays, answer.elapsed_millidays) == (23_000, 23_000)
    row, money = answer.totals
    assert (row.actual, row.effective, row.target, row.target_source) == (24, 23, 40, "goal")
    assert (row.attainment_milli, row.expected, row.pace_milli, row.projection) == (
        575, 40, 575, 23)
    assert not row.HasField("required_per_day")
    assert (money.currency, money.effective, money.target, money.attainment_milli) == (
        "USD", 333_333, 1_000_000, 333)


def test_2_8_part_of_a_goals_period_is_phased_by_working_days(past, director):
    """2.6: the target of a part is the sum of its day targets."""
    week = {"from_date": "2024-05-06", "to_date": "2024-05-12"}
    row, = rollup(director, unit="/report/North/North 2", metrics=["visits"], **week).totals
    days = director.call("GoalService.Phase", unit="/report/North/North 2", metric="visits",
                         **past).goals[0].targets
    assert row.target == sum(days[5:12]) and sum(days) == 40
    money, = rollup(director, unit="/report/North/North 2", metrics=["revenue"], **week).totals
    rows = rollup(director, unit="/report/North/North 2", metrics=["revenue"],
                  group_by="GROUP_BY_DAY", **week).rows
    assert [r.target for r in rows][5:] == [0, 0]
    assert sum(r.target for r in rows) == money.target


def test_2_1_a_months_goal_never_lowers_the_daily_standard(past, director):
    """40 visits a month are fewer than 8 a day: of a single day the standard is asked."""
    day = {"from_date": "2024-05-06", "to_date": "2024-05-06"}
    row, = rollup(director, unit="/report/North/North 2", metrics=["visits"], **day).totals
    assert row.target_source == "standard" and row.target % 8 == 0 and row.target >= 8


def test_2_1_without_a_goal_the_standard_is_the_target(past, director):
    row, = rollup(director, person="report.n2.1", metrics=["visits"], **past).totals
    assert (row.target, row.target_source) == (8 * 23, "standard")
    row, = rollup(director, unit="/report/South/South 1", metrics=["visits"], **past).totals
    assert (row.target, row.target_source) == (2 * 8 * 23, "standard")
    row, = rollup(director, unit="/report/South/South 1", metrics=["negotiations"], **past).totals
    assert not row.HasField("target")


def test_2_1_on_a_day_without_work_the_standards_are_seen(past, director):
    unit = "/report/South/South 1"
    answer = rollup(director, unit=unit, group_by="GROUP_BY_REP", from_date="2024-05-07",
                    to_date="2024-05-07")
    asked = {(row.metric, row.target) for row in answer.totals}
    assert asked == {("appointments", 2 * 3), ("new_customers", 2 * 5), ("visits", 2 * 8)}
    assert {row.metric for row in answer.rows} == {metric for metric, _ in asked}
    sunday = rollup(director, unit=unit, from_date="2024-05-12", to_date="2024-05-12")
    assert not sunday.totals and not rollup(director, unit=unit, **past).totals


def test_2_8_a_period_under_way(company, director):
    """The year of today: today counts as past."""
    today = datetime.date.fromisoformat(rollup(director, unit="/report").today)
    year = {"from_date": f"{today.year}-01-01", "to_date": f"{today.year}-12-31"}
    director.call("GoalService.Set", unit="/report/South", metric="materials", target=10_000, **year)
    company.log(company.good("material", "s1.1", date=str(today)))
    answer = rollup(director, unit="/report/South", metrics=["materials"], **year)
    days = [datetime.date(today.year, 1, 1) + datetime.timedelta(n) for n in range(366)]
    working = [d for d in days if d.year == today.year and d.weekday() < 5]
    elapsed = len([d for d in working if d <= today])
    assert answer.working_millidays == 1000 * len(working)
    assert answer.elapsed_millidays == 1000 * elapsed
    row, = answer.totals
    done = row.effective
    assert done >= 1
    assert row.expected == (2 * 10_000 * elapsed + len(working)) // (2 * len(working))
    assert row.projection == (2 * done * len(working) + elapsed) // (2 * elapsed)
    left = len(working) - elapsed
    if left:
        assert row.required_per_day == -((done - 10_000) // left)
    else:
        assert not row.HasField("required_per_day")


def test_2_5_holidays_change_the_pace(company, director):
    director.call("CalendarService.Set", unit="/report/South", days=[
        {"date": f"2024-10-{day:02}", "factor_milli": 0} for day in range(1, 8)]
        + [{"date": "2024-10-12", "factor_milli": 1000}])
    october = {"from_date": "2024-10-01", "to_date": "2024-10-31"}
    assert rollup(director, unit="/report/South", **october).working_millidays == 19_000
    assert rollup(director, unit="/report/North", **october).working_millidays == 23_000


def test_ranges_that_cannot_be(director):
    for span, code in (({"from_date": "2025-06-30", "to_date": "2025-06-01"}, "dates_reversed"),
                       ({"from_date": "2025-06-31"}, "bad_date"),
                       ({"from_date": "1990-01-01", "to_date": "2025-01-01"}, "range_too_long")):
        with pytest.raises(Refused) as caught:
            rollup(director, unit="/report", **span)
        assert caught.value.code == code


# Money of several offices.


def test_currencies_without_a_rate_are_never_added_up(company, director):
    director.call("OrgService.AddUnit", parent="/report", name="Tokyo", kind="UNIT_KIND_OFFICE",
                  currency="JPY", time_zone="Asia/Tokyo", from_date="2024-01-01")
    director.call("PersonService.Add", handle="report.tokyo", name="Tokyo", unit="/report/Tokyo",
                  from_date="2024-01-01")
    june = {"from_date": "2024-06-01", "to_date": "2024-06-30"}
    company.log({**company.good("signing", date="2024-06-05", amount_minor=5000),
                 "person": "report.tokyo"},
                company.good("signing", "s1.1", date="2024-06-05", amount_minor=700))
    rows = rollup(director, unit="/report", metrics=["revenue"], **june).totals
    assert {row.currency: row.actual for row in rows} == {"JPY": 5000, "USD": 700}


# The funnel (3.5).


@pytest.fixture(scope="module")
def pipeline(company, director):
    """A team with nothing else: f1 won 3 and lost 1, f2 lost 2; open ones of every grade."""
    director.call("OrgService.Import", rows=[
        {"line": 1, "unit": "/report/Funnels/Funnel 1", "kinds": "region/office/team",
         "handle": f"report.{who}", "name": who, "from_date": "2024-01-01"}
        for who in ("f1", "f2")])

    def deal(who, **fields):
        row = {"id": company.fact("visit")["id"], "customer": company.customer(),
               "person": f"report.{who}", "opened_on": "2024-07-01", "value_minor": 1000, **fields}
        outcome, = director.call("DealService.Record", deals=[row]).outcomes
        assert not outcome.code, outcome
        return row

    for who, count in (("f1", 1), ("f2", 2)):
        for _ in range(count):
            deal(who, state="DEAL_STATE_LOST", closed_on="2024-08-15", lost_reason="price")
    for days, amount in ((10, 2500), (70, 500), (20, 1500)):
        won = deal("f1")
        outcome, = company.log(company.good(
            "signing", "f1", customer=won["customer"], deal=won["id"], amount_minor=amount,
            date=str(datetime.date(2024, 7, 1) + datetime.timedelta(days=days))))
        assert not outcome.code, outcome
    for grade in "AABCCC":
        deal("f2", grade=f"GRADE_{grade}")


def funnel(client, **fields):
    return client.call("ReportService.Funnel", **fields)


def test_3_5_both_win_rates_with_their_names(pipeline, director):
    row, = funnel(director, unit="/report/Funnels/Funnel 1", from_date="2024-07-01",
                  to_date="2024-12-31").totals
    assert (row.won, row.lost, row.won_value_minor) == (3, 3, 4500)
    assert (row.open_a, row.open_b, row.open_c) == (2, 1, 3)
    assert row.open_value_minor == 6000
    assert row.win_rate_closed_milli == 500
    assert row.win_rate_all_milli == round(1000 * 3 / 12)
    assert row.median_days_to_sign == 20


def test_3_5_funnel_by_rep_and_month(pipeline, director):
    span = {"unit": "/report/Funnels/Funnel 1", "from_date": "2024-07-01", "to_date": "2024-12-31"}
    rows = {row.group: row for row in funnel(director, group_by="GROUP_BY_REP", **span).rows}
    assert (rows["report.f1"].won, rows["report.f1"].lost) == (3, 1)
    assert (rows["report.f2"].won, rows["report.f2"].lost) == (0, 2)
    assert rows["report.f1"].win_rate_closed_milli == 750
    assert rows["report.f2"].win_rate_closed_milli == 0
    months = {row.group: row for row in funnel(director, group_by="GROUP_BY_MONTH", **span).rows}
    assert [months[f"2024-{month}-01"].won for month in ("07", "08", "09")] == [2, 0, 1]
    assert months["2024-08-01"].lost == 3
    # Open deals are as of now, and in no month.
    assert not any(row.HasField(field) for row in months.values()
                   for field in ("open_c", "open_value_minor", "win_rate_all_milli"))


def test_3_5_a_median_of_two_lies_between_them(pipeline, director):
    row, = funnel(director, unit="/report/Funnels/Funnel 1", from_date="2024-07-01",
                  to_date="2024-07-31").totals
    assert (row.won, row.median_days_to_sign) == (2, 15)


def test_3_5_over_all_time_there_are_the_weeks_that_had_deals(pipeline, director):
    rows = funnel(director, unit="/report/Funnels/Funnel 1", group_by="GROUP_BY_WEEK").rows
    assert [row.group for row in rows] == ["2024-07-08", "2024-07-15", "2024-08-12", "2024-09-09"]
    assert all(row.won + row.lost > 0 for row in rows)


def test_3_5_no_closed_deal_no_rate(pipeline, company, director):
    row = funnel(director, person="report.n2.2", from_date="2023-01-01",
                 to_date="2023-12-31").totals
    assert all(not r.HasField("win_rate_closed_milli") for r in row)
