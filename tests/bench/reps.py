"""Some reps who log one fact after another, each waiting for its answer, and how long they wait."""

import json
import secrets
import subprocess

from company import token_hash
from daemon import BUILD

CUSTOMERS = 10


def make_people(daemon, count):
    """A file of people for the load."""
    lines = []
    with daemon.client() as director:
        director.call("OrgService.Import", rows=[
            {"line": n + 1, "unit": "/West/West 1", "kinds": "office/team", "handle": f"rep{n}",
             "name": f"Rep {n}", "from_date": "2024-01-01"} for n in range(count)])
        for n in range(count):
            token = secrets.token_bytes(32)
            director.call("DeviceService.Add", person=f"rep{n}", token_hash=token_hash(token),
                          name="bench")
            lines.append(f"{token.hex()} rep{n} {CUSTOMERS}\n")
    path = daemon.top / "people"
    path.write_text("".join(lines))
    return path


def load(daemon, people, count, seconds):
    """What so many of them saw: its "p50_ms" and "p99_ms" are of acknowledgements."""
    output = subprocess.run(
        [BUILD / "intake_load", "--address", daemon.address, "--ca", daemon.ca(), "--people", people,
         "--connections", str(count), "--seconds", str(seconds)],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    return json.loads(output)
