"""Working weeks and personal leave (domain.md 2.5): what they take off working days and targets."""

import csv
import io

import pytest

from client import Refused

# A week from Monday to Sunday without a holiday.
WEEK = {"from_date": "2031-03-03", "to_date": "2031-03-09"}


@pytest.fixture(scope="module")
def director(company):
    return company.login()


def working(client, unit, **dates):
    return client.call("CalendarService.Show", unit=unit, **dates).working_millidays


def person_days(company, short):
    """Working days of a person's week, and what the standard asks in visits."""
    answer = company.login().call("ReportService.Rollup", person=company.handle(short),
                                  metrics=["visits"], **WEEK)
    return answer.working_millidays, answer.totals[0].target


def test_2_5_a_unit_has_its_own_week_from_a_day_on(director, company):
    north = company.unit("North")
    director.call("CalendarService.SetWeek", unit=north, weekday_mask=0b0111111,
                  from_date="2031-03-05")
    assert working(director, north, from_date="2031-02-24", to_date="2031-03-02") == 5000
    assert working(director, north, **WEEK) == 6000
    # Units below inherit it, those beside do not.
    assert working(director, company.unit("North/North 1"), **WEEK) == 6000
    assert working(director, company.unit("South"), **WEEK) == 5000
    director.call("CalendarService.SetWeek", unit=north, from_date="2031-03-05")
    assert working(director, north, **WEEK) == 5000


@pytest.mark.parametrize("fields, code", [
    ({"unit": "/", "from_date": "2031-03-05"}, "company_week"),
    ({"unit": "/leave", "weekday_mask": 128}, "bad_week"),
])
def test_2_5_weeks_that_cannot_be(director, fields, code):
    with pytest.raises(Refused) as caught:
        director.call("CalendarService.SetWeek", **fields)
    assert caught.value.code == code


def test_2_5_leave_is_taken_off_working_days_and_standards(director, company):
    assert person_days(company, "n1.1") == (5000, 40)
    # From Thursday over the weekend: the days off cost nothing.
    answer = director.call("LeaveService.Add", person=company.handle("n1.1"),
                           from_date="2031-03-06", to_date="2031-03-08", reason="wedding")
    assert (answer.days_set, answer.working_millidays) == (3, 2000)
    assert person_days(company, "n1.1") == (3000, 24)
    answer = director.call("LeaveService.Add", person=company.handle("n1.1"),
                           from_date="2031-03-03", away_milli=500)
    assert (answer.to_date, answer.working_millidays) == ("2031-03-03", 500)
    assert person_days(company, "n1.1") == (2500, 20)
    # The team asks for less, its calendar stays as it is.
    team = {"unit": company.unit("North/North 1"), "metrics": ["visits"]}
    whole = director.call("ReportService.Rollup", **team, **WEEK)
    assert (whole.working_millidays, whole.totals[0].target) == (5000, 3 * 40 - 20)
    director.call("LeaveService.Remove", person=company.handle("n1.1"), **WEEK)
    assert person_days(company, "n1.1") == (5000, 40)


def test_2_5_a_day_of_leave_asks_for_nothing(director, company):
    person = company.handle("n2.1")
    director.call("LeaveService.Add", person=person, from_date="2031-03-04")
    day = director.call("FactService.ShowDay", person=person, date="2031-03-04")
    assert (day.factor_milli, day.away_milli) == (0, 1000)
    assert {metric.standard for metric in day.metrics} == {0}
    text = company.cli("day", "2031-03-04", "--person", person)
    assert text.returncode == 0 and "day of leave" in text.stdout


def test_leave_is_put_in_by_those_above_and_seen_by_them_and_oneself(company):
    person = company.handle("s1.1")
    lead = company.login("lead.s1")
    lead.call("LeaveService.Add", person=person, from_date="2031-03-04", reason="dentist")
    for who in ("lead.s1", "boss", "s1.1"):
        rows = company.login(who).call("LeaveService.List", person=person, **WEEK).leaves
        assert [(row.from_date, row.reason, row.actor) for row in rows] == [
            ("2031-03-04", "dentist", company.handle("lead.s1"))]
    for who, method in (("s1.1", "Add"), ("s1.2", "List"), ("lead.n1", "Remove")):
        with pytest.raises(Refused) as caught:
            company.login(who).call(f"LeaveService.{method}", person=person, **WEEK)
        assert caught.value.status == "FORBIDDEN"


def test_leave_in_a_row_is_one_line(director, company):
    person = company.handle("s1.2")
    for begin, end in (("2031-03-03", "2031-03-04"), ("2031-03-05", "2031-03-05")):
        director.call("LeaveService.Add", person=person, from_date=begin, to_date=end)
    rows = director.call("LeaveService.List", person=person, **WEEK).leaves
    assert [(row.from_date, row.to_date) for row in rows] == [("2031-03-03", "2031-03-05")]
    with pytest.raises(Refused) as caught:
        director.call("LeaveService.Remove", person=person, from_date="2031-03-07")
    assert caught.value.code == "no_leave"


def test_the_commands(company):
    person = company.handle("n2.2")
    added = company.cli("leave", "add", person, "2031-03-03..2031-03-09", "--reason", "holiday")
    assert added.returncode == 0 and "5 working days less" in added.stdout
    listed = company.cli("leave", "list", "--unit", company.unit("North"), "--period", "2031-03")
    assert person in listed.stdout and "holiday" in listed.stdout
    removed = company.cli("leave", "remove", person, "2031-03-03..2031-03-04")
    assert "2 days" in removed.stdout
    week = company.cli("calendar", "week", company.unit("South"), "sat-tue")
    assert week.returncode == 0
    assert company.cli("calendar", "week", company.unit("South"), "someday").returncode == 2
    assert company.cli("calendar", "week", company.unit("South"), "inherit").returncode == 0


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//somebody//calendar//EN
BEGIN:VEVENT
UID:1@x
DTSTART;VALUE=DATE:20310505
DTEND;VALUE=DATE:20310508
SUMMARY:Annual leave
END:VEVENT
BEGIN:VEVENT
UID:2@x
DTSTART:20310512T080000Z
DTEND:20310512T120000Z
SUMMARY:Dentist
END:VEVENT
BEGIN:VEVENT
UID:3@x
DTSTART;VALUE=DATE:20310517
DTEND;VALUE=DATE:20310518
SUMMARY:Stocktaking (workday)
END:VEVENT
END:VCALENDAR
"""


def test_2_5_leave_out_of_a_persons_calendar_is_shown_before_it_is_taken(company, tmp_path):
    person = company.handle("s1.2")
    file = tmp_path / "own.ics"
    file.write_text(ICS.replace("\n", "\r\n"))
    listing = ("leave", "list", "--person", person, "--period", "2031-05", "--csv")
    before = company.cli(*listing).stdout
    shown = company.cli("leave", "import", file, "--person", person, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "Annual leave" in shown.stdout and "Nothing was changed" in shown.stdout
    assert "1 event is work" in shown.stdout
    assert company.cli(*listing).stdout == before
    taken = company.cli("leave", "import", file, "--person", person, "--yes")
    assert taken.returncode == 0 and "3.5 working days less" in taken.stdout
    rows = list(csv.DictReader(io.StringIO(company.cli(*listing).stdout)))
    assert [(row["from_date"], row["to_date"], row["away"], row["reason"]) for row in rows] == [
        ("2031-05-05", "2031-05-07", "1", "Annual leave"),
        ("2031-05-12", "2031-05-12", "0.5", "Dentist")]
    broken = tmp_path / "broken.ics"
    broken.write_text("no calendar")
    assert company.cli("leave", "import", broken, "--person", person, "--yes").returncode == 1
