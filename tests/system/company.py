"""A part of the company of a test module's own, so that modules do not see each other's work."""

import datetime
import hashlib
import itertools
import secrets
import time
import uuid

from daemon import run_cli


def uuid7():
    """Time-ordered, as clients make them (RFC 9562)."""
    value = int(time.time() * 1000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))


def noon(day):
    """Of a date, in UTC; None when it is none."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        return None
    return {"seconds": (date - datetime.date(1970, 1, 1)).days * 86400 + 43200}


def token_hash(token):
    return hashlib.blake2b(token, digest_size=32).digest()


class Company:
    """A region with two offices, three teams, and people with roles.

    /REGION            boss (region manager)
      /North           (office)
        /North 1       lead of n1 (supervisor), n1.1 n1.2 n1.3
        /North 2       n2.1 n2.2
      /South           (office)
        /South 1       s1.1 s1.2
    Handles carry the region's name in front: "goal.n1.1".
    """

    SINCE = "2024-01-01"
    TEAMS = {"North/North 1": ["n1.1", "n1.2", "n1.3"], "North/North 2": ["n2.1", "n2.2"],
             "South/South 1": ["s1.1", "s1.2"]}

    def __init__(self, daemon, name, zone="UTC"):
        self.daemon = daemon
        self.name = name
        self.region = "/" + name
        self.tokens = {}
        self.clients = {}
        self.numbers = itertools.count(1)
        self.director = daemon.client()
        self.clients[(None, "en")] = self.director
        self._import(zone)

    def _import(self, zone):
        rows = [{"unit": self.region, "handle": self.handle("boss"), "name": f"Boss {self.name}",
                 "role": "ROLE_REGION_MANAGER"}]
        for team, reps in self.TEAMS.items():
            people = [("lead." + reps[0].split(".")[0], "ROLE_SUPERVISOR")]
            people += [(rep, "ROLE_REP") for rep in reps]
            rows += [{"unit": self.unit(team), "handle": self.handle(who), "role": role,
                      "name": f"{who.title()} {self.name}"} for who, role in people]
        for line, row in enumerate(rows, 1):
            row.update(line=line, kinds="region/office/team", from_date=self.SINCE, time_zone=zone)
        answer = self.director.call("OrgService.Import", rows=rows)
        for outcome in answer.outcomes:
            assert not outcome.code, outcome

    def unit(self, path=""):
        return f"{self.region}/{path}" if path else self.region

    def handle(self, short):
        return f"{self.name}.{short}"

    def token(self, short):
        """A device of that person: its 32 bytes."""
        if short is None:
            return self.daemon.token()
        if short not in self.tokens:
            token = secrets.token_bytes(32)
            self.director.call("DeviceService.Add", person=self.handle(short),
                               token_hash=token_hash(token), name="tests")
            self.tokens[short] = token
        return self.tokens[short]

    def login(self, short=None, locale="en"):
        """A client of that person's, kept; of the director when no one is named."""
        key = (short, locale)
        if key not in self.clients:
            self.clients[key] = self.daemon.client(self.token(short), locale=locale)
        return self.clients[key]

    def token_path(self, short):
        if short is None:
            return self.daemon.token_file
        path = self.daemon.top / f"{self.handle(short)}.token"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(self.token(short).hex() + "\n")
        return path

    def cli(self, *arguments, who=None, **options):
        """A tiejun command by that person."""
        return run_cli(self.daemon.address, self.token_path(who), *arguments, **options)

    def customer(self):
        """A name that nobody has registered."""
        return f"{self.name} customer {next(self.numbers)} {secrets.token_hex(4)}"

    def log(self, *facts, who=None, dry_run=False):
        """Logs facts; returns the outcomes."""
        answer = self.login(who).call("FactService.Log", facts=facts, dry_run=dry_run)
        assert len(answer.outcomes) == len(facts)
        return answer.outcomes

    def fact(self, kind, person=None, **fields):
        fields = {"id": uuid7(), "kind": f"FACT_KIND_{kind.upper()}", **fields}
        if "date" in fields:
            # Nothing of these examples waits for an approval (3.4).
            fields.setdefault("recorded_at", noon(fields["date"]))
        if person:
            fields["person"] = self.handle(person)
        return fields

    def good(self, kind, person=None, **fields):
        """An effective fact on a customer of its own."""
        fields = {**EFFECTIVE[kind], "customer": self.customer(), **fields}
        if kind == "new_customer":
            fields.setdefault("phone", f"+1 555 {secrets.randbelow(10**9):09}")
        return self.fact(kind, person, **fields)

    def rollup(self, who=None, **fields):
        """(group, metric): row, for a roll-up; group "" is the whole scope."""
        answer = self.login(who).call("ReportService.Rollup", **fields)
        return {(row.group, row.metric): row for row in [*answer.totals, *answer.rows]}

    def close(self):
        for client in self.clients.values():
            client.close()


# What makes each kind effective (3.2).
EFFECTIVE = {
    "appointment": {"scheduled_at": {"seconds": 4102444800}, "decision_maker": "Ms Wang, CFO",
                    "purpose": "contract"},
    "visit": {"contact_role": "buyer", "minutes": 30, "outcome": "wants an offer",
              "next_step": "send the offer", "next_step_date": "2099-01-01"},
    "new_customer": {"contact": "Mr Li", "industry": "retail", "first_contact": "trade fair"},
    "material": {"subject": "price list"},
    "negotiation": {},
    "signing": {"amount_minor": 12345},
    "payment": {"amount_minor": 5000},
    "competitor_sighting": {"subject": "Rival Ltd"},
}
