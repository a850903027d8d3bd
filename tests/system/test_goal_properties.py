"""What holds for any company (domain.md 1.1, 2.3, 2.4, 2.9): random trees, locks, stretches,
calendars and moves."""

import datetime
import os
import random

import pytest

from client import Refused

# TIEJUN_UNITS=2000 is the whole promise; it takes minutes.
UNITS = int(os.environ.get("TIEJUN_UNITS", "120"))
DEPTH = 6
BATCH = 400
KINDS = "region/region/office/team"
YEAR = {"from_date": "2036-01-01", "to_date": "2036-12-31"}
QUARTERS = [("2036-01-01", "2036-03-31"), ("2036-04-01", "2036-06-30"),
            ("2036-07-01", "2036-09-30"), ("2036-10-01", "2036-12-31")]
METHODS = ("EQUAL", "HEADCOUNT", "CAPACITY")


class Forest:
    """A random tree of units below a region of its own, with people in those that have none
    below."""

    def __init__(self, company, generator, size):
        self.company = company
        self.client = company.director
        self.generator = generator
        self.top = f"/{company.name} {generator.randrange(10**6)}"
        self.units = [self.top]
        self.depths = {self.top: 1}
        self.children = {self.top: 0}
        self.people = []
        self.grow(size)

    def grow(self, size):
        room = [self.top]
        while len(self.units) < size:
            parent = self.generator.choice(room[-60:])
            self.children[parent] += 1
            path = f"{parent}/u{len(self.units)}"
            self.units.append(path)
            self.depths[path] = self.depths[parent] + 1
            self.children[path] = 0
            if self.depths[path] < DEPTH:
                room.append(path)
            if self.children[parent] == 9:
                room.remove(parent)
        rows = []
        for unit in self.units:
            for number in range(self.generator.randrange(1, 4) if not self.children[unit] else 1):
                handle = f"{self.top[1:]}.{unit.count('/')}.{len(rows)}".replace(" ", "-")
                leads = self.children[unit] or number == 0 and self.generator.random() < .3
                self.people.append((handle, unit, leads))
                rows.append({"line": len(rows) + 1, "unit": unit, "kinds": KINDS, "handle": handle,
                             "name": handle, "role": "ROLE_SUPERVISOR" if leads else "ROLE_REP",
                             "from_date": "2024-01-01"})
        for first in range(0, len(rows), BATCH):
            answer = self.client.call("OrgService.Import", rows=rows[first:first + BATCH])
            assert not [outcome for outcome in answer.outcomes if outcome.code]

    def reps(self):
        return [handle for handle, _, leads in self.people if not leads]

    def tree(self, begin=YEAR["from_date"], end=YEAR["to_date"]):
        answer = self.client.call("GoalService.Tree", unit=self.top, metric="visits",
                                  from_date=begin, to_date=end)
        return {node.scope_unit or node.person: node for node in answer.nodes}


def assert_exact(nodes):
    """Every goal is what those right below it add up to."""
    sums = {}
    for node in nodes.values():
        if node.HasField("parent"):
            sums.setdefault(node.parent, []).append(node.target)
    checked = 0
    for node in nodes.values():
        if node.place in sums:
            checked += 1
            assert sum(sums[node.place]) == node.stretched_target
            assert node.coverage_gap == 0
    return checked


@pytest.fixture(scope="module")
def seed():
    seed = random.randrange(2**32)
    print("seed", seed)
    return seed


@pytest.fixture(scope="module")
def forest(company, seed):
    return Forest(company, random.Random(seed), UNITS)


def disturb(forest, generator):
    """Locks, stretches and calendars of their own for some units."""
    client = forest.client
    for unit in generator.sample(forest.units[1:], 12):
        client.call("GoalService.Set", unit=unit, metric="visits",
                    stretch_milli=generator.randrange(1, 200), **YEAR)
    for unit in generator.sample(forest.units, 12):
        first = datetime.date(2036, 1, 1) + datetime.timedelta(days=generator.randrange(300))
        days = [{"date": str(first + datetime.timedelta(days=day)),
                 "factor_milli": generator.choice([0, 500, 1000])} for day in range(9)]
        client.call("CalendarService.Set", unit=unit, days=days)
        client.call("CalendarService.SetWeek", unit=unit, from_date="2035-12-01",
                    weekday_mask=generator.choice([31, 63, 30]))
    nodes = forest.tree()
    for unit in generator.sample(forest.units[1:], 12):
        if nodes[unit].target > 0:
            client.call("GoalService.Set", unit=unit, metric="visits", locked=True, **YEAR)


def split(forest, method, **fields):
    return forest.client.call("GoalService.Split", unit=forest.top, metric="visits",
                              method=f"SPLIT_METHOD_{method}", deep=True, **YEAR, **fields)


def test_2_3_every_version_of_a_random_tree_is_exact(forest, seed):
    generator = random.Random(seed + 1)
    client = forest.client
    snapshots = []
    assert len(forest.units) == UNITS and max(forest.depths.values()) <= DEPTH
    client.call("GoalService.Set", unit=forest.top, metric="visits",
                target=generator.randrange(10**6, 10**9), **YEAR)
    for turn, method in enumerate(METHODS):
        before = forest.tree()
        try:
            split(forest, method, stretch_milli=generator.choice([0, 35, 100]))
        except Refused as error:
            # Locks may leave no way; then nothing was written.
            assert turn > 0 and error.code in ("locked_exceed", "locked_short", "no_weight")
            assert forest.tree() == before
            continue
        nodes = forest.tree()
        assert assert_exact(nodes) > UNITS / 4
        snapshots.append((nodes[forest.top].version, nodes))
        disturb(forest, generator)
        for unit in (node.scope_unit for node in forest.tree().values() if node.locked):
            if generator.random() < .5:
                client.call("GoalService.Set", unit=unit, metric="visits", locked=False, **YEAR)
    # What was can still be told, to the last figure.
    version, nodes = snapshots[0]
    now = forest.tree()
    if now[forest.top].version > version:
        answer = client.call("GoalService.Diff", unit=forest.top, metric="visits",
                             version_before=version, **YEAR)
        for row in answer.goals:
            name = row.scope_unit or row.person
            assert row.target_after == now[name].stretched_target
            assert row.level > 0 or row.target_before == nodes[name].stretched_target


def test_2_3_along_time_and_down_the_tree(forest):
    client = forest.client
    nodes = forest.tree()
    for name, node in nodes.items():
        if node.locked and node.scope_unit:
            client.call("GoalService.Set", unit=name, metric="visits", locked=False, **YEAR)
    split(forest, "HEADCOUNT")
    client.call("GoalService.SplitAlong", unit=forest.top, metric="visits", deep=True,
                part="GOAL_PART_QUARTER", **YEAR)
    whole = forest.tree()
    quarters = [forest.tree(*quarter) for quarter in QUARTERS]
    for quarter in quarters:
        assert_exact(quarter)
    for name, node in whole.items():
        if node.HasField("target"):
            assert sum(quarter[name].target for quarter in quarters) == node.target


# Re-balances (2.9): random trees, periods, kinds of parts, locks, stretches, leave and done days.


class Plan:
    """A random goal under way and its parts, with work done in it."""

    def __init__(self, company, generator):
        self.company, self.generator = company, generator
        self.forest = Forest(company, generator, 12)
        self.client = company.director
        self.today = datetime.date.fromisoformat(
            self.client.call("ReportService.Rollup", unit=self.forest.top).today)
        self.kind = generator.choice(["WEEK", "MONTH", "QUARTER"])
        length = {"WEEK": 40, "MONTH": 150, "QUARTER": 360}[self.kind]
        first = self.today - datetime.timedelta(days=generator.randrange(3, length - 3))
        self.whole = (str(first), str(first + datetime.timedelta(days=length)))
        self.goal = {"metric": "materials"}

    def span(self, part):
        return {"from_date": part[0], "to_date": part[1]}

    def call(self, request, period=None, **fields):
        return self.client.call(f"GoalService.{request}", **self.goal,
                                **self.span(period or self.whole), **fields)

    def make(self):
        self.call("Set", unit=self.forest.top, target=self.generator.randrange(10**3, 10**9),
                  stretch_milli=self.generator.choice([0, 0, 70]))
        self.call("Split", unit=self.forest.top, deep=True, method="SPLIT_METHOD_HEADCOUNT")
        for unit in self.generator.sample(self.forest.units[1:], 2):
            self.call("Set", unit=unit, stretch_milli=self.generator.randrange(1, 150))
        self.call("Split", unit=self.forest.top, deep=True, method="SPLIT_METHOD_EQUAL")
        self.parts = self.split(self.whole, self.kind)
        self.within = {self.whole: self.parts}
        if self.kind == "QUARTER":
            for part in self.parts:
                # A quarter that the period cuts off within its month has no months.
                if part[1] >= str(self.today) and part[0][:7] != part[1][:7]:
                    self.within[part] = self.split(part, "MONTH")

    def split(self, part, kind):
        seasons = [{"child": str(self.today)[:7], "weight": self.generator.randrange(500, 3000)}]
        answer = self.call("SplitAlong", part, unit=self.forest.top, deep=True,
                           part=f"GOAL_PART_{kind}",
                           seasons=self.generator.choice([[], seasons]))
        return sorted({(share.from_date, share.to_date) for share in answer.shares})

    def work(self):
        yesterday = datetime.datetime.combine(self.today - datetime.timedelta(days=1),
                                              datetime.time(12), datetime.UTC)
        reps = self.forest.reps()
        facts = [dict(self.company.good("material"), person=self.generator.choice(reps),
                      occurred_at={"seconds": int(yesterday.timestamp())})
                 for _ in range(self.generator.randrange(9))] if reps else []
        if facts:
            answer = self.client.call("FactService.Log", facts=facts)
            assert not [outcome for outcome in answer.outcomes if outcome.code]

    def lock_some(self):
        ahead = [part for part in self.parts if part[0] > str(self.today)]
        for part in self.generator.sample(ahead, min(len(ahead) - 1, 1)) if len(ahead) > 1 else []:
            self.call("Set", part, unit=self.forest.top, locked=True)
            return part
        return None

    def days(self, part):
        answer = self.call("Phase", part, unit=self.forest.top, deep=True, page_size=400)
        return {goal.scope_unit or goal.person: goal for goal in answer.goals}

    def trees(self):
        spans = {self.whole, *(part for parts in self.within.values() for part in parts)}
        answer = {}
        for part in spans:
            nodes = self.client.call("GoalService.Tree", unit=self.forest.top, **self.goal,
                                     **self.span(part)).nodes
            answer[part] = {node.scope_unit or node.person: node for node in nodes}
        return answer

    def done(self, name, first, last):
        scope = {"unit": name} if name.startswith("/") else {"person": name}
        rows = self.client.call("ReportService.Rollup", metrics=["materials"], from_date=first,
                                to_date=last, **scope).totals
        return sum(row.effective for row in rows)


@pytest.mark.parametrize("turn", range(int(os.environ.get("TIEJUN_PLANS", "2"))))
def test_2_9_a_rebalance_keeps_what_was_done_and_splits_what_is_left(company, seed, turn):
    plan = Plan(company, random.Random(seed + 100 + turn))
    plan.make()
    plan.work()
    locked = plan.lock_some()
    today = str(plan.today)
    yesterday = str(plan.today - datetime.timedelta(days=1))
    before = plan.trees()
    days_before = {part: plan.days(part) for part in before}
    preview = plan.call("Rebalance", unit=plan.forest.top, deep=True, dry_run=True)
    assert plan.trees() == before
    answer = plan.call("Rebalance", unit=plan.forest.top, deep=True,
                       expected_version=preview.parent_version)
    assert [(share.from_date, share.target) for share in answer.shares] == [
        (share.from_date, share.target) for share in preview.shares]
    after = plan.trees()
    for part, nodes in after.items():
        # Down the tree every part that is left is exact, and what is over is as it was.
        if part[1] < today:
            assert nodes == before[part]
        else:
            assert_exact(nodes)
        # No done day is touched, and the days that remain share what is left.
        offset = max((plan.today - datetime.date.fromisoformat(part[0])).days, 0)
        for name, goal in plan.days(part).items():
            assert list(goal.targets[:offset]) == list(
                days_before[part][name].targets[:offset])
            if part[1] >= today:
                left = nodes[name].stretched_target - goal.done
                assert sum(goal.targets[offset:]) == left
                assert goal.done == (plan.done(name, part[0], yesterday)
                                     if offset else 0) or nodes[name].locked
    # Along time: what was done, and what the parts ahead have left, is the goal.
    for whole, parts in plan.within.items():
        if whole[1] < today:
            continue
        for name, node in after[whole].items():
            ahead = [after[part][name] for part in parts if part[1] >= today]
            done = plan.done(name, parts[0][0], yesterday) if parts[0][0] < today else 0
            worked = sum(plan.done(name, part[0], yesterday) for part in parts
                         if part[0] < today <= part[1])
            if node.HasField("target"):
                assert sum(part.target for part in ahead) - worked == node.target - done
    if locked:
        assert after[locked][plan.forest.top].target == before[locked][plan.forest.top].target


SPRING = [datetime.date(2026, 3, 2) + datetime.timedelta(days=day) for day in range(60)]


class History:
    """Where units hung and people belonged on each day, told apart by names, which stay."""

    def __init__(self, forest):
        self.top = forest.top[1:]
        self.above = {unit.rpartition("/")[2]: [(SPRING[0], unit.split("/")[-2])]
                      for unit in forest.units[1:]}
        self.homes = {handle: [(SPRING[0], unit.rpartition("/")[2])]
                      for handle, unit, _ in forest.people}

    @staticmethod
    def on(changes, day):
        return [value for date, value in sorted(changes, key=lambda one: one[0])
                if date <= day][-1]

    def chain(self, unit, day):
        """A unit and all above it."""
        names = [unit]
        while names[-1] != self.top:
            names.append(self.on(self.above[names[-1]], day))
        return names

    def path(self, unit):
        return "/" + "/".join(reversed(self.chain(unit, datetime.date.max)))

    def units(self):
        return [self.top, *self.above]

    def count(self, facts, unit, as_is=False):
        """Facts (person, day) that a unit has: by the tree of their day, or by today's."""
        return sum(unit in self.chain(self.on(self.homes[who], datetime.date.max if as_is else day),
                                      datetime.date.max if as_is else day)
                   for who, day in facts)


def move_one(client, generator, history, forest, day):
    """A unit with all that is below it, or a person, from a day on."""
    if generator.random() < .5:
        unit = generator.choice(sorted(history.above))
        parent = generator.choice(history.units())
        try:
            client.call("OrgService.MoveUnit", unit=history.path(unit),
                        parent=history.path(parent), from_date=str(day))
        except Refused as error:
            # No region hangs below a team, and nothing below itself.
            assert error.status in ("INVALID", "CONFLICT"), error
            return
        history.above[unit].append((day, parent))
    else:
        who = generator.choice(forest.reps())
        home = generator.choice([unit.rpartition("/")[2] for unit in forest.units
                                 if not forest.children[unit]])
        if home != history.on(history.homes[who], datetime.date.max):
            client.call("PersonService.Move", person=who, unit=history.path(home),
                        from_date=str(day))
            history.homes[who].append((day, home))


def test_1_1_as_was_and_as_is_add_up_to_the_facts(company, seed):
    """Of units and people that move again and again, and work in between."""
    generator = random.Random(seed + 2)
    forest = Forest(company, generator, 40)
    client = forest.client
    history = History(forest)
    facts = []
    begin = SPRING[0]
    for day in [*sorted(generator.sample(SPRING[5:-1], 12)), SPRING[-1]]:
        days = [begin + datetime.timedelta(days=n) for n in range((day - begin).days)]
        new = [(generator.choice(forest.reps()), generator.choice(days)) for _ in range(9)]
        outcomes = client.call("FactService.Log", facts=[
            dict(company.good("visit", date=str(day)), person=who) for who, day in new]).outcomes
        assert not [outcome for outcome in outcomes if outcome.code]
        facts.extend(new)
        move_one(client, generator, history, forest, day)
        begin = day
    assert sum(len(moves) > 1 for moves in [*history.above.values(), *history.homes.values()]) > 2
    for unit in history.units():
        for as_is in (False, True):
            rows = rollup(client, history.path(unit), as_is)
            total = sum(row.actual for row in rows.totals)
            assert total == history.count(facts, unit, as_is)
            assert total == sum(row.actual for row in rows.rows)
    for as_is in (False, True):
        assert history.count(facts, history.top, as_is) == len(facts)
    # What somebody did stays with the person, wherever it goes.
    for who in {who for who, _ in facts}:
        answer = client.call("ReportService.Rollup", person=who, metrics=["visits"],
                             from_date=str(SPRING[0]), to_date=str(SPRING[-1]))
        assert answer.totals[0].actual == sum(one == who for one, _ in facts)


def rollup(client, unit, as_is=False):
    return client.call("ReportService.Rollup", unit=unit, metrics=["visits"], as_is=as_is,
                       group_by="GROUP_BY_UNIT", from_date=str(SPRING[0]),
                       to_date=str(SPRING[-1]))
