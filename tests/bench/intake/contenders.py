"""Who takes part: each contender runs for some seconds and gives its figures."""

import concurrent.futures
import dataclasses
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import application
import force as force_module
from daemon import BUILD
from meter import Meter, load_average, psql

HERE = pathlib.Path(__file__).resolve().parent
COPY_ROWS = 50000


@dataclasses.dataclass
class Result:
    facts_per_second: float
    p50_ms: float
    p99_ms: float
    # Processor time a fact: of tiejund or the application, and of PostgreSQL.
    server_us: float
    database_us: float
    wal_bytes: float
    steal: float
    load: float
    busy: int = 0


@dataclasses.dataclass
class Contender:
    name: str
    force: object
    measure: object
    arguments: tuple
    # An application in the daemon's place.
    server: object = None

    def run(self, seconds):
        before = self.server.seconds_used() if self.server else 0
        with Meter(self.force.daemon) as meter:
            facts, took, p50, p99, busy = self.measure(meter, self.force, seconds, *self.arguments)
        used = self.server.seconds_used() - before if self.server else meter.daemon_seconds
        count = max(facts, 1)
        return Result(facts / took, p50, p99, used / count * 1e6,
                      meter.database_seconds / count * 1e6, meter.wal_bytes / count, meter.steal,
                      load_average(), busy)

    def stop(self):
        if self.server:
            self.server.stop()


def variables(force):
    return {"people": force_module.PEOPLE, "teams_in_office": force_module.TEAMS,
            "in_team": force_module.IN_TEAM, "first_person": force.first_person,
            "first_office": force.first_office}


def share_of(values, share):
    return values[int(len(values) * share)] if values else 0


def pgbench(_meter, force, seconds, script, clients):
    with tempfile.TemporaryDirectory(prefix="tj.") as folder:
        defined = [f"-D{name}={value}" for name, value in variables(force).items()]
        output = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds),
             "-l", f"--log-prefix={folder}/log", *defined, "-f", HERE / script,
             "-h", force.daemon.private, "-U", "tiejun_owner", "tiejun"],
            check=True, text=True, capture_output=True).stdout
        latencies = sorted(int(line.split()[2]) / 1e3 for log in pathlib.Path(folder).glob("log*")
                           for line in log.read_text().splitlines())
    rate = float(re.search(r"tps = ([0-9.]+)", output)[1])
    return (len(latencies), len(latencies) / rate, share_of(latencies, 0.5),
            share_of(latencies, 0.99), 0)


def copy_in(meter, force, _seconds, offices):
    """As many rows over each of two connections, made beforehand."""
    described = psql(force.daemon.private, copy_query(force, 0, offices) + "\\gdesc").splitlines()
    columns = ", ".join(line.split("|")[0] for line in described)
    with tempfile.TemporaryDirectory(prefix="tj.") as folder:
        pathlib.Path(folder).chmod(0o755)
        parts = [f"{folder}/{n}" for n in range(2)]
        for path in parts:
            query = copy_query(force, COPY_ROWS, offices).replace("\n", " ")
            psql(force.daemon.private, f"\\copy ({query}) TO '{path}' (FORMAT binary)")
        orders = [f"\\copy fact ({columns}) FROM '{path}' (FORMAT binary)" for path in parts]
        meter.begin()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            start = time.monotonic()
            list(pool.map(lambda order: psql(force.daemon.private, order), orders))
            took = time.monotonic() - start
    return 2 * COPY_ROWS, took, 0, 0, 0


def copy_query(force, rows, offices):
    text = "\n".join(line for line in (HERE / "copy_make.sql").read_text().splitlines()
                     if not line.startswith("--"))
    for name, value in {**variables(force), "rows": rows, "offices": offices}.items():
        text = text.replace(f":{name}", str(value))
    return text


def tiejund(meter, force, seconds, people, *arguments):
    load = subprocess.Popen(
        [BUILD / "intake_load", "--address", force.daemon.address, "--ca", force.daemon.ca(),
         "--people", getattr(force, people), "--seconds", str(seconds), "--begin", *arguments],
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert load.stdout.readline() == "ready\n", "the connections were not made"
    # A thousand log in for a few facts each: that is not what is measured.
    meter.begin()
    output, _ = load.communicate()
    assert load.returncode == 0
    said = json.loads(output)
    return said["facts"], said["seconds"], said["p50_ms"], said["p99_ms"], said["busy"]


def fastify(_meter, _force, seconds, server, connections):
    said = server.load(connections, seconds)
    return said["facts"], said["seconds"], said["p50_ms"], said["p99_ms"], 0


def applications(force):
    packages, why = application.modules()
    if not packages:
        print(f"without an application server: {why}", file=sys.stderr)
        return []
    server = application.Application(force, packages)
    return [Contender(f"fastify {n}", force, fastify, (server, n), server) for n in (32, 64)]


def all_of(force):
    psql(force.daemon.private, (HERE / "prepare.sql").read_text())
    subprocess.run(["ninja", "--quiet", "-C", BUILD, "intake_load"], check=True)
    made = [Contender(f"{name} {clients}", force, pgbench, (script, clients))
            for clients in (1, 8, 32, 64)
            for name, script in (("plain", "plain.sql"), ("one statement", "one_statement.sql"))]
    made += [Contender("copy one office", force, copy_in, (1,)),
             Contender("copy mixed", force, copy_in, (force_module.OFFICES,))]
    made += [Contender(f"tiejund {n}", force, tiejund, ("all", "--connections", str(n)))
             for n in (1, 8, 32, 64, 1000)]
    made += [
        Contender("tiejund 32 x 16", force, tiejund,
                  ("all", "--connections", "32", "--in-flight", "16")),
        Contender("backlog one office", force, tiejund,
                  ("one_office", "--connections", "4", "--batch", "500")),
        Contender("backlog mixed", force, tiejund,
                  ("led", "--mixed", "--connections", "4", "--batch", "500")),
    ]
    return made + applications(force)
