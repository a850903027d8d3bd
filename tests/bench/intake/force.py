"""The sales force of the benchmark: a region of eight offices, a thousand reps with a device each."""

import secrets

from company import token_hash, uuid7
from meter import psql

OFFICES = 8
TEAMS = 5
IN_TEAM = 25
PEOPLE = OFFICES * TEAMS * IN_TEAM
CUSTOMERS = 10
SINCE = "2024-01-01"


class Force:
    def __init__(self, daemon):
        self.daemon = daemon
        self.director = daemon.client()
        self._import()
        self.first_person, self.first_office = self._ids()
        self._know_customers()
        self._write_people()

    def unit(self, n):
        team = n // IN_TEAM
        return f"/Region/Office {team // TEAMS}/Team {team // TEAMS}.{team % TEAMS}"

    def _import(self):
        rows = [{"unit": "/Region", "handle": "boss", "role": "ROLE_REGION_MANAGER"}]
        rows += [{"unit": self.unit(n), "handle": f"rep{n}", "role": "ROLE_REP"}
                 for n in range(PEOPLE)]
        for line, row in enumerate(rows, 1):
            row.update(line=line, name=row["handle"], kinds="region/office/team", from_date=SINCE)
        for outcome in self.director.call("OrgService.Import", rows=rows).outcomes:
            assert not outcome.code, outcome

    def _ids(self):
        """The first rep and office: the ids of the others follow, on which pgbench relies."""
        rows = psql(self.daemon.private, """
            SELECT substr(p.handle, 4)::integer, m.person_id, m.office_id, m.unit_id
            FROM person AS p JOIN membership AS m ON m.person_id = p.id
            WHERE p.handle LIKE 'rep%' ORDER BY 1""")
        ids = [tuple(map(int, row.split("|"))) for row in rows.splitlines()]
        _, first_person, first_office, _ = ids[0]
        for n, person, office, unit in ids:
            team = n // IN_TEAM
            office_due = first_office + team // TEAMS * (TEAMS + 1)
            assert (person, office, unit) == (first_person + n, office_due,
                                              office_due + 1 + team % TEAMS), (n, person, office, unit)
        return first_person, first_office

    def _know_customers(self):
        """Each rep has visited each of its customers: known, with an open deal."""
        facts = [{"id": uuid7(), "person": f"rep{n}", "kind": "FACT_KIND_MATERIAL",
                  "customer": f"rep{n} customer {k}"}
                 for n in range(PEOPLE) for k in range(CUSTOMERS)]
        for start in range(0, len(facts), 500):
            answer = self.director.call("FactService.Log", facts=facts[start:start + 500])
            assert {outcome.intake for outcome in answer.outcomes} == {1}, answer.outcomes[0]

    def _enrol(self, handle):
        token = secrets.token_bytes(32)
        self.director.call("DeviceService.Add", person=handle, token_hash=token_hash(token),
                           name="bench")
        return f"{token.hex()} {handle} {CUSTOMERS}\n"

    def _write_people(self):
        """Files of people for the load: one office, everyone office by office in turn, and everyone
        behind the manager who leads them."""
        lines = [self._enrol(f"rep{n}") for n in range(PEOPLE)]
        in_office = TEAMS * IN_TEAM
        turns = [lines[office * in_office + n] for n in range(in_office) for office in range(OFFICES)]
        self.all = self._file("all", turns)
        self.one_office = self._file("one_office", lines[:in_office])
        self.led = self._file("led", [self._enrol("boss"), *turns])

    def _file(self, name, lines):
        path = self.daemon.top / f"{name}.people"
        path.write_text("".join(lines))
        return path

