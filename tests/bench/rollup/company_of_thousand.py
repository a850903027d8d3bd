"""A company of forty regions, each of twenty-five offices of two teams of five, with its facts."""

import pathlib
import secrets
import sys

from company import EFFECTIVE, noon, token_hash, uuid7
from meter import psql

HERE = pathlib.Path(__file__).resolve().parent
REGIONS = 40
OFFICES = 25
TEAMS = 2
IN_TEAM = 5
PEOPLE = REGIONS * OFFICES * TEAMS * IN_TEAM
SINCE = "2024-01-01"
# Of which the roll-ups are; the facts are spread over half a year.
MONTH = ("2025-03-01", "2025-03-31")


class Thousand:
    def __init__(self, daemon, facts):
        self.daemon = daemon
        self.director = daemon.client()
        self._import()
        self._fill(facts)
        self.readers = {"/Region 0": daemon.client(self._enrol("boss0")), "/": self.director}
        self.rep = daemon.client(self._enrol("rep0"))

    def _import(self):
        rows = [{"unit": f"/Region {n}", "handle": f"boss{n}", "role": "ROLE_REGION_MANAGER"}
                for n in range(REGIONS)]
        for n in range(PEOPLE):
            team = n // IN_TEAM
            office = team // TEAMS
            rows.append({"unit": f"/Region {office // OFFICES}/Office {office}/Team {team}",
                         "handle": f"rep{n}", "role": "ROLE_REP"})
        for line, row in enumerate(rows, 1):
            row.update(line=line, name=row["handle"], kinds="region/office/team", from_date=SINCE)
        for start in range(0, len(rows), 1000):
            answer = self.director.call("OrgService.Import", rows=rows[start:start + 1000])
            assert not any(outcome.code for outcome in answer.outcomes)

    def _fill(self, facts):
        print(f"filling {facts} facts", file=sys.stderr)
        psql(self.daemon.private, (HERE / "fill.sql").read_text(), facts=facts, people=PEOPLE)

    def _enrol(self, handle):
        token = secrets.token_bytes(32)
        self.director.call("DeviceService.Add", person=handle, token_hash=token_hash(token),
                           name="bench")
        return token

    def log_visit(self):
        fact = {"id": uuid7(), "kind": "FACT_KIND_VISIT", "date": MONTH[1], "recorded_at": noon(MONTH[1]),
                "customer": f"customer {secrets.token_hex(4)}", **EFFECTIVE["visit"]}
        answer = self.rep.call("FactService.Log", facts=[fact])
        assert answer.outcomes[0].intake == 1, answer
