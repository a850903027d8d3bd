"""The authorization matrix: every method x every role in every state x targets all around.

Twice: with the daemon as it is, where the answer must be what rights.py says; and with a daemon
built without its own checks, where row-level security alone must show and change no more.
"""

import collections
import datetime
import itertools
import json
import os
import secrets
import subprocess

import pytest
from google.protobuf import json_format

import contract
import rights
from company import EFFECTIVE, token_hash, uuid7
from daemon import BUILD, SANITIZED
from psql import psql

# The daemon without checks is of a build of its own, and never installed.
UNCHECKED = contract.REPO / "build-unchecked"
DAY = "2026-01-05"
# In flight on one connection; the daemon takes 64.
WINDOW = 48


def test_every_method_has_a_rule():
    assert rights.missing(contract.methods) == set(), rights.HINT


class World:
    """rights.py's company, with work by which a leak shows: each person's customer, deal and note
    bear its handle, and its revenue is a power of ten of its own."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.tokens = {}
        self.deals = {}
        self.workers = [*rights.PEOPLE]
        self.new = itertools.count(1)
        self.director = daemon.client()
        # The clock makes no notices meanwhile.
        self.director.call("SettingService.Set", unit="/", key="pace_hour", value="24",
                           from_date="2024-01-01")
        self.people()
        self.roles()
        self.work()

    def people(self):
        rows = [{"unit": unit, "kinds": "region/office/team", "from_date": "2024-01-01"}
                for unit in rights.UNITS if unit != "/"]
        for handle, home in rights.HOMES.items():
            rows.append({"unit": rights.BEFORE.get(handle, home), "handle": handle,
                         "name": handle.title(), "from_date": "2024-01-01",
                         "kinds": "region/office/team"})
        for outcome in self.director.call("OrgService.Import", rows=rows).outcomes:
            assert not outcome.code, outcome

    def grant(self, handle, role, unit, **fields):
        self.director.call("PersonService.GrantRole", person=handle, unit=unit,
                           role=f"ROLE_{role.upper()}", **fields)

    def roles(self):
        today = datetime.date.today()
        past = {"from_date": str(today - datetime.timedelta(30)),
                "to_date": str(today - datetime.timedelta(10))}
        present = {"from_date": str(today - datetime.timedelta(5)),
                   "to_date": str(today + datetime.timedelta(5))}
        self.grant("sup.t1", "supervisor", rights.T1, from_date="2024-01-01")
        self.grant("boss.r1", "region_manager", "/R1", from_date="2024-01-01")
        for actor in rights.actors():
            if actor.state == "current" and actor.anchor:
                self.grant(actor.handle, actor.role, actor.anchor, from_date="2024-01-01")
            elif actor.state == "moved away":
                self.grant(actor.handle, actor.role, actor.anchor, **past)
        for actor in rights.actors():
            if actor.state in ("lent", "expired"):
                self.director.call(
                    "PersonService.LendRole", person=f"{actor.role}.current", unit=actor.anchor,
                    borrower=actor.handle, role=f"ROLE_{actor.role.upper()}",
                    **(present if actor.state == "lent" else past))

    def amount(self, handle):
        return 10 ** (3 + self.workers.index(handle))

    def work(self):
        """Who moves works where it was, and moves."""
        for handle in self.workers:
            deal = self.deals[handle] = uuid7()
            self.director.call("DealService.Record", deals=[
                {"id": deal, "person": handle, "customer": f"customer {handle}",
                 "product": f"product {handle}", "opened_on": DAY}])
            facts = [{"id": uuid7(), "kind": "FACT_KIND_SIGNING", "person": handle, "date": DAY,
                      "customer": f"customer {handle}", "amount_minor": self.amount(handle),
                      "deal": deal, "note": f"note {handle}"},
                     {"id": uuid7(), "kind": "FACT_KIND_VISIT", "person": handle, "date": DAY,
                      "customer": f"customer {handle}", **EFFECTIVE["visit"]}]
            for outcome in self.director.call("FactService.Log", facts=facts).outcomes:
                assert outcome.intake == contract.types.INTAKE_ACCEPTED, outcome
        for unit in rights.UNITS:
            for metric in ("appointments", "revenue"):
                self.director.call("GoalService.Set", unit=unit, metric=metric, target=500,
                                   **rights.RANGE)
        self.objectives = {
            unit: self.director.call(
                "ObjectiveService.Add", unit=unit, owner=owner, title=f"objective of {owner}",
                due_date="2034-01-01", key_results=[
                    {"title": "it", "source": "KEY_RESULT_SOURCE_MILESTONE"}]).id
            for unit, owner in rights.OBJECTIVES.items()}
        for handle in rights.BEFORE:
            self.director.call("PersonService.Move", person=handle, unit=rights.HOMES[handle],
                               from_date="2026-02-01")

    def client(self, handle):
        if handle not in self.tokens:
            self.tokens[handle] = secrets.token_bytes(32)
            self.director.call("DeviceService.Add", person=handle,
                               token_hash=token_hash(self.tokens[handle]), name="rights")
        return self.daemon.client(self.tokens[handle])

    def targets(self, call, actor):
        """(what names it, its unit, its owner) for each target of a call."""
        people = [*rights.PEOPLE, actor.handle]
        everything = {
            "none": [(None, "/", None)],
            "unit": [(unit, unit, None) for unit in rights.UNITS],
            "person": [(who, rights.HOMES[who], who) for who in dict.fromkeys(people)],
            "customer": [(f"customer {who}", rights.HOMES[who], who) for who in self.workers],
            "deal": [(self.deals[who], rights.HOMES[who], who) for who in self.workers],
            "objective": [(self.objectives[unit], unit, owner)
                          for unit, owner in rights.OBJECTIVES.items()]}
        return [it for it in everything[call.kind] if it[0] not in call.without]

    def filled(self, value):
        """The fields with what must be new each time."""
        if isinstance(value, dict):
            return {name: self.filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        fresh = {"{new}": f"new{next(self.new)}", "{uuid}": uuid7(),
                 "{hash}": token_hash(secrets.token_bytes(32))}
        return fresh.get(value, value) if isinstance(value, str) else value

    def digest(self):
        """Of all that there is, but for the audit trail, and ground_change, which says that
        somebody tried to change what facts are judged by. Of strength the sums: its rows are put
        together by whoever tries to change the tree."""
        script = """
            SELECT format('SELECT %L, md5(string_agg(t::text, %L ORDER BY t::text)) FROM %I AS t;',
                tablename, ',', tablename)
            FROM pg_tables
            WHERE schemaname = 'tiejun' AND tablename NOT IN ('audit', 'ground_change', 'strength')
            ORDER BY 1 \\gexec
            SELECT 'strength', md5(string_agg(s::text, ',' ORDER BY s::text)) FROM (
                SELECT unit_id, date, sum(change) FROM strength GROUP BY 1, 2 HAVING sum(change) <> 0
            ) AS s;
            """
        return psql(self.daemon, script)


Case = collections.namedtuple("Case", "method actor target unit owner allowed fields")


def cases(world, actor):
    for method, calls in rights.RIGHTS.items():
        for call in calls:
            for target, unit, owner in world.targets(call, actor):
                yield Case(method, actor, target, unit, owner, call.rule(actor, unit, owner),
                           world.filled(call.fields(target, unit)))


def answers(client, batch):
    """Each case with its Response, pipelined."""
    batch = list(batch)
    sent = [client.prepare(case.method, **case.fields) for case in batch]
    got = {}
    for start in range(0, len(sent), WINDOW):
        window = sent[start:start + WINDOW]
        client.send_bytes(b"".join(data for _, data in window))
        while any(number not in got for number, _ in window):
            response = client.receive_response()
            got[response.id] = response
    return [(case, got[number]) for case, (number, _) in zip(batch, sent)]


def refusals(case, response):
    """Whether a request was refused as forbidden, whole or in its rows."""
    if response.status != contract.frame.STATUS_OK:
        # What is not there for somebody is refused as unknown.
        return (response.status == contract.frame.STATUS_FORBIDDEN
                or response.error.code == "unknown_objective")
    body = contract.response_class(case.method).FromString(response.body)
    codes = [row.code for row in getattr(body, "outcomes", [])]
    return bool(codes) and set(codes) == {"forbidden"}


def amounts(answer):
    """What was done, of each line of a roll-up."""
    for row in answer.get("totals", []) + answer.get("rows", []):
        yield from (int(row.get("actual", 0)), int(row.get("effective", 0)))
        yield from map(int, row.get("trend", []))


def leaks(world, case, response):
    """Whose work an answer shows that the actor may not see."""
    if response.status != contract.frame.STATUS_OK:
        return set()
    body = contract.response_class(case.method).FromString(response.body)
    shown = json_format.MessageToDict(body)
    if case.method == "AuditService.List":
        # What somebody asked for in vain is its own words.
        shown = [[row.get("before"), row.get("after")] for row in shown.get("rows", [])]
    text = json.dumps(shown, ensure_ascii=False)
    found = set()
    for who in world.workers:
        mine = rights.own_or_leads(case.actor, rights.HOMES[who], who)
        led_then = who in rights.BEFORE and case.actor.has(rights.LEADERS, rights.BEFORE[who])
        if not mine and not led_then and any(
                f"{word} {who}" in text for word in ("customer", "product", "note")):
            found.add(f"work of {who}")
        mate = any(case.actor.board(unit)
                   for unit in (rights.HOMES[who], rights.BEFORE.get(who, "")))
        worth = 3 + world.workers.index(who)
        if not (mine or led_then or mate) and "Rollup" in case.method and any(
                number // 10 ** worth % 10 for number in amounts(shown)):
            found.add(f"totals of {who}")
    for unit, owner in rights.OBJECTIVES.items():
        if f"objective of {owner}" in text and not rights.own_or_leads(case.actor, unit, owner):
            found.add(f"objective of {owner}")
    return found


def unchecked_build():
    subprocess.run([contract.REPO / "run", "build"], check=True, capture_output=True,
                   env={**os.environ, "TIEJUN_BUILD": str(UNCHECKED)})
    return UNCHECKED / "tiejund"


@pytest.fixture(scope="module", params=["as it is", "without its own checks"])
def world(request, spare):
    bare = request.param != "as it is"
    if bare and SANITIZED:
        pytest.skip("the daemon without checks is built without sanitizers: the plain run has it")
    daemon = spare(program=unchecked_build() if bare else BUILD / "tiejund")
    daemon.start()
    it = World(daemon)
    it.bare = bare
    return it


def name(case):
    return f"{case.method} {case.target} by {case.actor.handle}"


def test_the_matrix(world):
    """What is refused comes first: after all of it, nothing has changed."""
    everyone = list(rights.actors())
    clients = {actor: world.client(actor.handle) for actor in everyone}
    matrix = {actor: list(cases(world, actor)) for actor in everyone}
    wrong, seen = [], 0
    before = world.digest()
    for allowed in (False, True):
        if allowed and world.bare:
            continue
        for actor in everyone:
            for case, response in answers(
                    clients[actor], (it for it in matrix[actor] if it.allowed == allowed)):
                seen += 1
                wrong += [f"{name(case)} shows {leak}" for leak in leaks(world, case, response)]
                if not world.bare and refusals(case, response) == allowed:
                    wrong.append(f"{name(case)}: {response.error.code or 'taken'}, "
                                 f"but {'allowed' if allowed else 'forbidden'}")
        if not allowed:
            changed = [after.split("|")[0] for after, earlier in
                       zip(world.digest().splitlines(), before.splitlines()) if after != earlier]
            wrong += [f"{table} was changed by what is forbidden" for table in changed]
    print(f"{seen} calls of {len(rights.RIGHTS)} methods by {len(everyone)} actors")
    assert not wrong, "\n".join(wrong)


def test_a_leak_would_be_found(world):
    """The director's own roll-up and list hold everybody's marks: the matrix can see them."""
    stranger = rights.Actor("rep.region", rights.T4)
    for method, fields in (("ReportService.Rollup", {"unit": "/", **rights.RANGE}),
                           ("FactService.List", {"unit": "/", "page_size": 1000})):
        number, data = world.director.prepare(method, **fields)
        world.director.send_bytes(data)
        case = Case(method, stranger, "/", "/", None, False, fields)
        assert leaks(world, case, world.director.receive_response())


