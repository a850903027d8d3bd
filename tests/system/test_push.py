"""Notices and pushes: each person hears of its own matters, by whichever daemon, each once."""

import contextlib
import datetime
import hashlib
import itertools
import threading

import pytest

import contract
from client import Refused
from company import EFFECTIVE, token_hash, uuid7
from daemon import SANITIZED, Daemon, wait_until
from psql import psql
from test_two_daemons import second, settings  # noqa: F401

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
LAST = "2033-12-31"
# No goal is set to what it is already, which would be no news.
NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True, scope="module")
def without_noon(company):
    """Nobody of the module's company hears of the day's pace in between."""
    company.director.call("SettingService.Set", unit=company.region, key="pace_hour", value="24",
                          from_date="2024-01-01")


class Subscriber:
    """A connection of a person's that takes its pushes."""

    def __init__(self, company, who, daemon=None, **subscription):
        daemon = daemon or company.daemon
        self.client = Daemon.client(daemon, company.token(who))
        self.after = self.client.call("NoticeService.Subscribe", **subscription).after
        self.listed = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def next(self):
        """The next notice; its lines are in .lines of this object."""
        while not self.listed:
            push = self.client.receive_push()
            assert push.topic == "notices"
            answer = contract.response_class("NoticeService.List").FromString(push.body)
            self.listed += answer.notices
            self.lines = answer.lines
        notice = self.listed.pop(0)
        assert notice.place > self.after
        self.after = notice.place
        return notice


@pytest.fixture
def goal(company):
    """Sets a goal of a person or a unit, by the director or another."""
    def give(who, by=None, **fields):
        target = {"unit": who} if who.startswith("/") else {"person": company.handle(who)}
        fields = {"metric": "visits", "target": next(NUMBERS), "from_date": "2033-01-01",
                  "to_date": LAST, **target, **fields}
        company.login(by).call("GoalService.Set", **fields)
        return fields
    return give


def test_a_goal_that_is_set_or_changed_is_pushed_to_whose_it_is(company, goal):
    with Subscriber(company, "n1.1") as rep:
        first = goal("n1.1", by="lead.n1", metric="signings", reason="a new year")
        told = rep.next()
        assert (told.topic, told.metric, told.target, told.reason, told.actor) == (
            "goal", "signings", first["target"], "a new year", company.handle("lead.n1"))
        assert (told.from_date, told.to_date) == ("2033-01-01", LAST)
        assert not told.HasField("target_before")
        then = goal("n1.1", metric="signings", reason="more of it")
        told = rep.next()
        assert (told.target_before, told.target) == (first["target"], then["target"])
        assert told.actor == "director"


def test_nobody_is_told_of_anothers_or_of_ones_own_doing(company, goal):
    with Subscriber(company, "n1.2") as rep, Subscriber(company, "lead.n1") as lead:
        goal("n1.1", by="lead.n1")
        goal(company.unit("North/North 1"), by="lead.n1")
        goal("n1.2", by="lead.n1", metric="materials")
        goal(company.unit("North/North 1"), by="boss", metric="materials")
        assert rep.next().metric == "materials", "its own is the first that it hears of"
        assert lead.next().metric == "materials", "so is what another did"


def test_a_split_tells_each_once_of_the_longest_period(company, goal):
    unit = company.unit("North/North 1")
    goal(unit, metric="negotiations", target=1200)
    with Subscriber(company, "n1.3") as rep:
        company.director.call("GoalService.Split", unit=unit, metric="negotiations",
                              method="SPLIT_METHOD_EQUAL", from_date="2033-01-01", to_date=LAST)
        whole = rep.next()
        assert (whole.from_date, whole.to_date, whole.more) == ("2033-01-01", LAST, 0)
        company.director.call("GoalService.SplitAlong", person=company.handle("n1.3"),
                              metric="negotiations", part="GOAL_PART_MONTH",
                              method="SPLIT_METHOD_EQUAL", from_date="2033-01-01", to_date=LAST)
        part = rep.next()
        assert part.more == 11, "months are told together"


def test_who_leads_a_unit_hears_of_its_goal_and_of_who_joins(company, goal):
    unit = company.unit("South/South 1")
    with Subscriber(company, "lead.s1", topics=["goal", "joined"]) as lead:
        goal(unit)
        told = lead.next()
        assert (told.topic, told.unit) == ("goal", unit)
        company.director.call("PersonService.Add", handle=company.handle("new"), name="New",
                              unit=unit, from_date=str(TODAY))
        told = lead.next()
        assert (told.topic, told.person, told.from_date) == (
            "joined", company.handle("new"), str(TODAY))


def test_who_is_lent_a_role_hears_of_it(company):
    with Subscriber(company, "n2.1") as borrower:
        company.login("lead.n1").call(
            "PersonService.LendRole", borrower=company.handle("n2.1"), role="ROLE_SUPERVISOR",
            unit=company.unit("North/North 1"), to_date=str(TODAY + datetime.timedelta(7)))
        told = borrower.next()
        assert (told.topic, told.role, told.person) == (
            "role", contract.types.ROLE_SUPERVISOR, company.handle("lead.n1"))


def test_by_whichever_daemon(company, second, goal):  # noqa: F811
    with Subscriber(company, "n2.2", daemon=second) as there, Subscriber(company, "n2.2") as here:
        fields = goal("n2.2")
        assert there.next().target == here.next().target == fields["target"]


def test_what_was_made_while_away_comes_at_the_next_subscription(company, goal):
    with Subscriber(company, "s1.1") as rep:
        goal("s1.1")
        seen = rep.next().place
    targets = [goal("s1.1")["target"] for _ in range(60)]
    with Subscriber(company, "s1.1", after=seen) as rep:
        assert [rep.next().target for _ in targets] == targets
        now = goal("s1.1")
        assert rep.next().target == now["target"]


def test_a_place_of_another_database_makes_nobody_deaf(company, goal):
    with Subscriber(company, "s1.2", after=1 << 40) as rep:
        fields = goal("s1.2")
        assert rep.next().target == fields["target"]


def test_none_is_lost_or_twice_with_many_writers(company, second):  # noqa: F811
    """Commits come in another order than they began; places are given in theirs."""
    who, each = "n1.3", 40
    company.token("boss")

    def write(daemon, metric):
        with Daemon.client(daemon, company.token("boss")) as client:
            for target in range(each):
                client.call("GoalService.Set", person=company.handle(who), metric=metric,
                            target=1000 + target, from_date="2032-01-01", to_date="2032-12-31")

    metrics = ["appointments", "visits", "materials", "signings"]
    with Subscriber(company, who) as rep:
        writers = [threading.Thread(target=write, args=(daemon, metric)) for daemon, metric
                   in zip(itertools.cycle((company.daemon, second)), metrics)]
        for writer in writers:
            writer.start()
        heard = [rep.next() for _ in range(each * len(metrics))]
        for writer in writers:
            writer.join()
    for metric in metrics:
        assert [it.target for it in heard if it.metric == metric] == list(range(1000, 1000 + each))


def test_a_database_that_was_away_loses_none(company, daemon, goal):
    with Subscriber(company, "n1.1") as rep:
        psql(daemon, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN tiejun_notice%'")
        fields = goal("n1.1")
        assert rep.next().target == fields["target"]


def test_topics(company, goal):
    with Subscriber(company, "n1.2", topics=["role"]) as rep:
        goal("n1.2")
        company.director.call("PersonService.GrantRole", person=company.handle("n1.2"),
                              unit=company.unit("South"), role="ROLE_SUPERVISOR",
                              from_date="2033-01-01", to_date="2033-01-02")
        assert rep.next().topic == "role"
    with pytest.raises(Refused) as refused:
        Subscriber(company, "n1.1", topics=["weather"])
    assert refused.value.code == "unknown_topic" and "goal" in refused.value.message


def test_a_topic_counts_once(company, goal):
    """A subscription is bounded by the topics that there are."""
    with Subscriber(company, "n1.3", topics=["goal"] * 15000) as rep:
        fields = goal("n1.3")
        assert rep.next().target == fields["target"]
        again = rep.client.call("NoticeService.Subscribe", topics=["role", "goal", "role"])
        assert list(again.topics) == ["goal", "role"]


def test_leaders_topics_are_refused_to_a_rep(company):
    with pytest.raises(Refused) as refused:
        Subscriber(company, "s1.2", topics=["joined"])
    assert (refused.value.status, refused.value.code) == ("FORBIDDEN", "role_missing")


def test_the_right_is_judged_at_each_push(company, goal):
    """What a leader heard of a unit is not told once the unit is led no more; its own stays."""
    unit = company.unit("South/South 1")
    role = {"person": company.handle("n2.2"), "unit": unit, "role": "ROLE_SUPERVISOR"}
    company.director.call("PersonService.GrantRole", **role, from_date="2024-01-01")
    goal(unit, metric="appointments")
    company.director.call("PersonService.RevokeRole", **role,
                          last_date=str(TODAY - datetime.timedelta(1)))
    mine = goal("n2.2", metric="appointments")
    listed = company.login("n2.2").call("NoticeService.List", topics=["goal"]).notices
    assert not any(notice.unit for notice in listed) and listed[0].target == mine["target"]
    with Subscriber(company, "n2.2", after=0, topics=["goal"]) as former:
        heard = []
        while not heard or heard[-1].place < listed[0].place:
            heard.append(former.next())
        assert not any(notice.unit for notice in heard)


def test_newest_first_and_page_by_page(company, goal):
    targets = [goal("s1.2")["target"] for _ in range(7)]
    rows = company.login("s1.2").pages("NoticeService.List", "notices", topics=["goal"],
                                       page_size=3)
    assert [row.target for row in rows][:7] == targets[::-1]
    assert len({row.place for row in rows}) == len(rows)


def test_everybody_gets_ones_own_alone(company, daemon):
    """Each person's notice has its handle in it: nobody gets another's, pushed or listed, whoever
    leads whom."""
    people = ("n1.1", "n1.2", "n2.1", "s1.1", "lead.n1", "lead.s1", "boss")
    with contextlib.ExitStack() as stack:
        subscribers = {who: stack.enter_context(Subscriber(company, who)) for who in people}
        psql(daemon, f"""
            SELECT notices_add(array_agg(
                (p.id, 'goal', NULL, NULL, NULL, false,
                 jsonb_build_object('title', p.handle))::notice_in))
            FROM person AS p
            WHERE p.handle LIKE '{company.name}.%'""")
        for who, subscriber in subscribers.items():
            assert subscriber.next().title == company.handle(who)
    for who in people:
        rows = company.login(who).pages("NoticeService.List", "notices")
        assert {row.title for row in rows if row.title} == {company.handle(who)}


def memory(daemon):
    """What the daemon holds, in MiB."""
    with open(f"/proc/{daemon.process.pid}/status") as status:
        (line,) = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def make_many(daemon, handle, count, size):
    psql(daemon, f"""
        SELECT notices_add(array_agg(
            (p.id, 'goal', NULL, NULL, NULL, false,
             jsonb_build_object('target', i, 'reason', repeat('x', {size})))::notice_in ORDER BY i))
        FROM person AS p, generate_series(1, {count}) AS i
        WHERE p.handle = '{handle}'""")


@pytest.mark.skipif(SANITIZED, reason="sanitizers take memory of their own")
def test_who_takes_no_pushes_costs_no_memory_and_loses_none(company, daemon):
    """16 MiB wait for one that reads nothing; they stay in the database."""
    count = 8000
    with Subscriber(company, "n2.1") as slow, contextlib.ExitStack() as stack:
        other = stack.enter_context(Subscriber(company, "n2.2"))
        before = memory(daemon)
        make_many(daemon, company.handle("n2.1"), count, 2000)
        make_many(daemon, company.handle("n2.2"), 1, 1)
        assert other.next().target == 1, "the others are served"
        assert memory(daemon) - before < 8
        assert [slow.next().target for _ in range(count)] == list(range(1, count + 1))
        assert memory(daemon) - before < 8


def test_old_notices_go(company, daemon, goal):
    goal("n1.1")
    mine = f"person_id = (SELECT id FROM person WHERE handle = '{company.handle('n1.1')}')"
    psql(daemon, f"UPDATE notice SET made_at = now() - interval '13 days' WHERE {mine}")
    psql(daemon, "SELECT notice_expire()")
    assert company.login("n1.1").call("NoticeService.List").notices
    psql(daemon, f"UPDATE notice SET made_at = now() - interval '15 days' WHERE {mine}")
    psql(daemon, "SELECT notice_expire()")
    assert not company.login("n1.1").call("NoticeService.List").notices


# ---- by the office's clock (2.8) ----

def zone_at(hour):
    """A zone in which it is now that hour."""
    now = datetime.datetime.now(datetime.timezone.utc)
    east = (hour - now.hour + 11) % 24 - 11
    return f"Etc/GMT{-east:+}" if east else "Etc/GMT"


def local_day(zone):
    east = -int(zone.removeprefix("Etc/GMT") or 0)
    now = datetime.datetime.now(datetime.timezone.utc)
    return str((now + datetime.timedelta(hours=east)).date())


@pytest.fixture(scope="module")
def noon(spare):
    """A company with two daemons on one database, which were down at noon of the East office. It
    is afternoon there, and early in the West; somebody is away, somebody has done the work, and
    some have not."""
    it = spare()
    it.start()
    east, west = zone_at(13), zone_at(9)
    day = local_day(east)
    people = {"lead": "ROLE_SUPERVISOR", "good": "ROLE_REP", "half": "ROLE_REP",
              "idle": "ROLE_REP", "away": "ROLE_REP", "early": "ROLE_REP"}
    rows = [{"line": line, "unit": f"/{'West' if who == 'early' else 'East'}/Team",
             "kinds": "office/team", "handle": who, "name": who.title(), "role": role,
             "from_date": "2024-01-01"}
            for line, (who, role) in enumerate(people.items(), 1)]
    with it.client() as director:
        # Every day is a working day.
        director.call("CalendarService.SetWeek", unit="/", weekday_mask=127, from_date="2024-01-01")
        # Headquarters have a day of their own.
        director.call("SettingService.Set", unit="/", key="pace_hour", value="24",
                      from_date="2024-01-01")
        for name, zone in (("East", east), ("West", west)):
            director.call("OrgService.AddUnit", parent="/", name=name, kind="UNIT_KIND_OFFICE",
                          time_zone=zone, from_date="2024-01-01")
            director.call("SettingService.Set", unit=f"/{name}", key="pace_hour", value="12",
                          from_date="2024-01-01")
        for outcome in director.call("OrgService.Import", rows=rows).outcomes:
            assert not outcome.code, outcome
        director.call("StandardService.Set", unit="/", metric="visits", target=8,
                      from_date="2024-01-01")
        for metric in ("appointments", "new_customers"):
            director.call("StandardService.Set", unit="/", metric=metric, target=0,
                          from_date="2024-01-01")
        director.call("LeaveService.Add", person="away", from_date=day)
        # The goal of the very day is higher than the standard.
        director.call("GoalService.Set", person="half", metric="visits", target=10,
                      from_date=day, to_date=day)
        facts = [{"id": uuid7(), "kind": "FACT_KIND_VISIT", "person": who, "date": day,
                  "customer": f"Of {who}", **EFFECTIVE["visit"]}
                 for who, count in (("good", 4), ("half", 4)) for _ in range(count)]
        for outcome in director.call("FactService.Log", facts=facts).outcomes:
            assert outcome.intake == contract.types.INTAKE_ACCEPTED, outcome
        director.call("ObjectiveService.Add", title="Hire two", unit="/East", owner="lead",
                      due_date=str(datetime.date.fromisoformat(day) + datetime.timedelta(3)),
                      key_results=[{"title": "it", "source": "KEY_RESULT_SOURCE_MILESTONE"}])
        for who in people:
            director.call("DeviceService.Add", person=who, token_hash=token_hash(token_of(who)),
                          name="tests")
    it.day = day
    # As if nobody had been up: the look at its start found no office yet, the next is a minute on.
    psql(it, "DELETE FROM notice_round; DELETE FROM notice")
    assert it.stop() == 0
    it.start()
    other = Daemon(home=it.top, name="other", config=settings(it.top / "other.ini", it))
    other.start()
    yield it
    # It saw its database go and come back.
    assert other.stop() == 0


def token_of(who):
    return hashlib.sha256(who.encode()).digest()


def told(daemon, who, topic):
    """The notices that a person has of a topic, with their lines."""
    with daemon.client(token_of(who)) as client:
        answer = client.call("NoticeService.List", topics=[topic])
    return answer.notices, answer.lines


def test_2_8_who_is_behind_at_noon_is_told_what_is_missing(noon):
    (notice,), lines = wait_until(lambda: (it := told(noon, "idle", "pace"))[0] and it,
                                  "it is told")
    assert notice.from_date == noon.day
    assert [(line.metric, line.done, line.target) for line in lines] == [("visits", 0, 8)]


def test_2_8_the_goal_of_the_day_counts_where_it_is_higher(noon):
    (_,), lines = wait_until(lambda: (it := told(noon, "half", "pace"))[0] and it, "it is told")
    assert [(line.metric, line.done, line.target) for line in lines] == [("visits", 4, 10)]


def test_2_5_nobody_else_is(noon):
    """Who is on pace, away, or where it is early; nor whoever leads and is no rep."""
    wait_until(lambda: told(noon, "idle", "pace")[0], "the round was made")
    for who in ("good", "away", "early", "lead"):
        assert not told(noon, who, "pace")[0], who


def test_leaders_get_a_list_worst_first(noon):
    (notice,), lines = wait_until(lambda: (it := told(noon, "lead", "team_pace"))[0] and it,
                                  "it is told")
    assert (notice.unit, notice.from_date, notice.more) == ("/East/Team", noon.day, 0)
    assert [(line.person, line.reached_milli) for line in lines] == [("idle", 0), ("half", 400)]
    assert not told(noon, "idle", "team_pace")[0]


def test_2_10_an_objective_that_is_due_soon_is_told_to_its_owner(noon):
    (notice,), _ = wait_until(lambda: (it := told(noon, "lead", "objective_due"))[0] and it,
                              "it is told")
    assert notice.title == "Hire two"


def test_once_a_day_with_two_daemons_and_a_restart(noon):
    wait_until(lambda: told(noon, "idle", "pace")[0], "the round was made")

    def look():
        for _ in range(5):
            psql(noon, "SET search_path = tiejun, pg_temp; SELECT notice_rounds()")

    # Neither does another look, nor many at once after the day's row was lost.
    look()
    psql(noon, "DELETE FROM notice_round")
    lookers = [threading.Thread(target=look) for _ in range(4)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    assert noon.stop() == 0
    noon.start()
    wait_until(lambda: psql(noon, "SELECT count(*) FROM notice_round").strip() == "1", "a round")
    counts = psql(noon, "SELECT topic, count(*) FROM notice"
                       " WHERE topic IN ('pace', 'team_pace', 'objective_due') GROUP BY 1 ORDER BY 1")
    assert counts.split() == ["objective_due|1", "pace|2", "team_pace|1"]


def make_round(daemon, office):
    """A look of ours, or of a daemon in the same minute."""
    wait_until(lambda: psql(daemon, "SELECT notice_rounds()") and psql(daemon, f"""
        SELECT count(*) FROM notice_round AS r JOIN unit AS u ON u.id = r.office_id
        WHERE u.path = '{office}'""").strip() == "1", "a round")


def test_the_hour_is_a_setting(noon):
    """It is early in the West; an hour that is past tells its people, on the same day."""
    assert not told(noon, "early", "pace")[0]
    with noon.client() as director:
        def change(key, value):
            director.call("SettingService.Set", unit="/West", key=key, value=value,
                          from_date="2024-01-01")
        change("pace_expected_milli", "0")
        change("pace_hour", "9")
        make_round(noon, "/West")
        assert not told(noon, "early", "pace")[0], "nothing is expected by then"
        change("pace_expected_milli", "100")
        psql(noon, "DELETE FROM notice_round")
        make_round(noon, "/West")
        assert len(told(noon, "early", "pace")[0]) == 1
