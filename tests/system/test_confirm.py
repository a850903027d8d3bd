"""A command that must ask and cannot refuses, names --yes and changes nothing; a no at the terminal
is a refusal as well."""

import datetime
import os
import pty
import subprocess

import pytest

from daemon import TIEJUN
from test_cli import COMMANDS, LANGUAGES, bare
from test_goal_tree import read_part
from test_outbox import Device

TODAY = datetime.datetime.now(datetime.UTC).date()
LONG_AGO = str(TODAY - datetime.timedelta(days=30))
NEXT_YEAR = TODAY.year + 1
# A working day.
AWAY = datetime.date.fromisocalendar(NEXT_YEAR, 20, 4)
SPAN = f"{TODAY - datetime.timedelta(days=20)}..{TODAY + datetime.timedelta(days=20)}"
HOLIDAY = f"""\
BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:Annual leave
DTSTART;VALUE=DATE:{AWAY:%Y%m%d}
DTEND;VALUE=DATE:{AWAY + datetime.timedelta(days=1):%Y%m%d}
END:VEVENT
END:VCALENDAR
"""


class House:
    """Each command that asks: what it is asked to do, and how that can be seen."""

    def __init__(self, company, folder):
        self.company = company
        self.device = Device(company, "n1.1", folder / "state")
        file = folder / "days.ics"
        file.write_text(HOLIDAY)
        person = company.handle("n1.2")
        goal = ["visits", "--unit", company.region, "--period", SPAN]
        year = ["--period", str(NEXT_YEAR)]
        self.run("goal", "set", *goal[:1], "100", *goal[1:])
        self.run("goal", "split", *goal, "--by", "equal")
        self.run("goal", "set", *goal[:1], "200", *goal[1:])
        company.log(company.good("visit", date=LONG_AGO, recorded_at=None), who="n1.2")
        self.device.run("log", "visit", "Lakeside", "--date", "2001-01-01")
        refused = self.device.rejected()[0]["fact"]["id"]
        goals = ["goal", "export", company.region, "--period", SPAN]
        self.cases = {
            ("goal", "split"): (goal, goals),
            ("goal", "rebalance"): (goal, goals),
            ("calendar", "import"): ([file, "--unit", company.unit("South")],
                                     ["calendar", "show", *year, "--unit", company.unit("South")]),
            ("leave", "import"): ([file, "--person", person],
                                  ["leave", "list", "--person", person, *year]),
            ("fact", "approve"): (["--all"], ["fact", "pending", "--json"]),
            ("sync", "drop"): ([refused], ["sync", "rejected", "--json"]),
        }

    def who(self, command):
        return "n1.1" if command[0] == "sync" else None

    def run(self, *arguments, lang="en_US.UTF-8", code=0, who=None):
        """Its standard output, and standard error on a line of its own."""
        done = self.company.cli(*arguments, who=who, lang=lang, XDG_STATE_HOME=self.device.state)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout, done.stderr

    def state(self, command):
        return self.run(*self.cases[command][1], who=self.who(command))

    def answer_no(self, command):
        """At a terminal; the code, and what it showed."""
        controller, terminal = pty.openpty()
        environment = {**self.device.environment(),
                       "TIEJUN_TOKEN_FILE": str(self.company.token_path(self.who(command)))}
        with subprocess.Popen([TIEJUN, *command, *map(str, self.cases[command][0])], stdin=terminal,
                              stdout=terminal, stderr=terminal, env=environment) as process:
            os.close(terminal)
            shown = b""
            while part := read_part(controller):
                shown += part
                if shown.endswith(b"[y/n] "):
                    os.write(controller, b"n\n")
            code = process.wait()
        os.close(controller)
        return code, shown.decode()


@pytest.fixture(scope="module")
def house(company, tmp_path_factory):
    return House(company, tmp_path_factory.mktemp("confirm"))


ASKING = [command for command in COMMANDS if "--yes" in bare(*command, "--help").stdout]


def test_every_command_that_asks_is_among_these(house):
    assert set(house.cases) == set(ASKING)


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_where_nobody_can_be_asked_it_is_refused(house, command):
    before = house.state(command)
    for lang in LANGUAGES.values():
        _, told = house.run(*command, *house.cases[command][0], who=house.who(command), lang=lang,
                            code=2)
        assert told.count("\n") == 1 and "--yes" in told
    assert house.state(command) == before


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_a_no_is_a_refusal(house, command):
    before = house.state(command)
    code, shown = house.answer_no(command)
    assert code == 1 and "Nothing was changed." in shown
    assert house.state(command) == before


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_yes_is_not_asked(house, command):
    before = house.state(command)
    house.run(*command, *house.cases[command][0], "--yes", who=house.who(command))
    assert house.state(command) != before
