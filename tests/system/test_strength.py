"""How many reps units have is kept (2.1): after any change of people, roles and places it is what the
memberships say, and the standards ask by it what they ask when all are counted."""

import concurrent.futures
import contextlib
import datetime
import itertools
import random

import pytest

from client import Refused
from psql import rows

OPERATIONS = 120
AT_ONCE = 25
FIRST = datetime.date(2025, 1, 1)
DAYS = 120
# What is asked of every unit that is there, with all below it, in one range: by both ways.
ASKED = """
    WITH
        slots AS MATERIALIZED (
            SELECT
                array_agg(
                    ROW(
                        u.id, u.path, u.name, u.id, NULL, false, NULL, u.id, NULL, u.id, 'USD',
                        '{from_date}', '{to_date}'
                    )::report_slot
                ) AS list
            FROM unit AS u
        ),
        kept AS (
            SELECT a.*
            FROM slots
            CROSS JOIN LATERAL report_standards(slots.list, false, '{to_date}') AS a
        ),
        counted AS (
            SELECT a.*
            FROM slots
            CROSS JOIN LATERAL report_reps_asked(
                report_reps_counted(slots.list, false, '{to_date}')
            ) AS a
        )
    SELECT * FROM (TABLE kept EXCEPT TABLE counted) AS more
    UNION ALL
    SELECT * FROM (TABLE counted EXCEPT TABLE kept) AS less"""


class Changes:
    """What may happen to a company, by a seed."""

    def __init__(self, company, seed, client=None):
        self.company = company
        self.client = client or company.director
        self.pick = random.Random(seed)
        self.people = [company.handle(short) for team in company.TEAMS.values() for short in team]
        self.people += [company.handle(f"lead.{team}") for team in ("n1", "n2", "s1")]
        self.teams = [company.unit(path) for path in company.TEAMS]
        self.units = [company.region, company.unit("North"), company.unit("South"), *self.teams]

    def day(self):
        return str(FIRST + datetime.timedelta(days=self.pick.randrange(DAYS)))

    def person(self):
        return self.pick.choice(self.people)

    def unit(self):
        return self.pick.choice(self.units)

    def move_person(self):
        return "PersonService.Move", {"person": self.person(), "unit": self.unit(),
                                      "from_date": self.day()}

    def move_team(self):
        """By its name, since its path is another by then."""
        team = self.pick.choice(self.teams).rsplit("/", 1)[1]
        return "OrgService.MoveUnit", {"unit": self.paths()[team], "from_date": self.day(),
                                       "parent": self.company.unit(self.pick.choice(["North", "South"]))}

    def paths(self):
        units = self.client.call("OrgService.Show", unit=self.company.region).units
        return {row.path.rsplit("/", 1)[1]: row.path for row in units}

    def grant(self):
        first, last = sorted([self.day(), self.day()])
        return "PersonService.GrantRole", {
            "person": self.person(), "unit": self.place(), "role": "ROLE_SUPERVISOR",
            "from_date": first, **({"to_date": last} if self.pick.random() < 0.5 else {})}

    def revoke(self):
        return "PersonService.RevokeRole", {
            "person": self.person(), "unit": self.place(), "role": "ROLE_SUPERVISOR",
            "last_date": self.day()}

    def place(self):
        return self.paths()[self.pick.choice(self.units).rsplit("/", 1)[1]]

    def leave(self):
        return "LeaveService.Add", {"person": self.person(), "from_date": self.day(),
                                    "away_milli": self.pick.choice([500, 1000])}

    def holiday(self):
        return "CalendarService.Set", {"unit": self.place(), "days": [
            {"date": self.day(), "factor_milli": self.pick.choice([0, 500, 1000]), "name": "a day"}]}

    def standard(self):
        return "StandardService.Set", {"unit": self.place(), "metric": "visits",
                                       "target": self.pick.randrange(20), "from_date": self.day()}

    def next(self):
        kinds = [self.move_person] * 4 + [self.grant, self.revoke] * 2
        kinds += [self.move_team, self.leave, self.holiday, self.standard]
        return self.pick.choice(kinds)()


@pytest.mark.parametrize("seed", [1, 2])
def test_strength_is_what_the_memberships_say(daemon, company, seed):
    changes = Changes(company, seed)
    done = set()
    for _ in range(OPERATIONS):
        method, fields = changes.next()
        try:
            company.director.call(method, **fields)
            done.add(method)
        except Refused:
            pass
    assert len(done) == 7, done
    assert rows(daemon, "SELECT * FROM strength_check()") == []
    for from_date, to_date in [("2025-01-01", "2025-06-30"), ("2025-02-10", "2025-02-10"),
                               ("2025-02-03", "2025-03-19")]:
        assert rows(daemon, ASKED.format(from_date=from_date, to_date=to_date)) == []


def test_changes_at_once_wait_one_way(daemon, company):
    """None of them ends in a deadlock, and no change is lost between two."""
    log = daemon.private / "postgresql.log"
    before = log.read_text().count("deadlock detected")

    def change(seed):
        with daemon.client() as client:
            changes = Changes(company, seed, client)
            for method, fields in itertools.islice(iter(changes.next, None), AT_ONCE):
                with contextlib.suppress(Refused):
                    client.call(method, **fields)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(change, range(3, 7)))
    assert log.read_text().count("deadlock detected") == before
    assert rows(daemon, "SELECT * FROM strength_check()") == []


def test_what_is_wrong_is_found(daemon, company):
    """The comparisons above are of something."""
    rows(daemon, "UPDATE strength SET change = change + 1"
                 " WHERE unit_id = (SELECT min(unit_id) FROM strength)")
    checked = daemon.check()
    assert checked.returncode == 1 and "expected_change" in checked.stdout
    rows(daemon, "SELECT strength_rebuild()")
    assert daemon.check().returncode == 0
    assert len(rows(daemon, ASKED.format(from_date="2025-02-03", to_date="2025-03-19").replace(
        "TABLE kept EXCEPT TABLE counted", "TABLE kept"))) > 3
