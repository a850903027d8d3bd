"""What a benchmark measures beside its own times: processor time, WAL, and how busy the machine is."""

import os
import pathlib
import re
import statistics
import subprocess
import time

from psql import query

TICKS = os.sysconf("SC_CLK_TCK")
# As the daemon's connections are set up.
os.environ["PGOPTIONS"] = "-c search_path=tiejun -c timezone=UTC"


def psql(folder, text, user="tiejun_owner", **variables):
    """Runs SQL as the owner of a private cluster; returns what it prints."""
    return query(f"host={folder} user={user} dbname=tiejun", text, **variables).strip()


def _stat(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name may hold spaces.
    return text.rsplit(")", 1)[1].split()


def own_seconds(pid):
    """Processor seconds that the process itself has used."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS


def family_seconds(pid):
    """The same of a process with its children, those that have ended included."""
    total = 0
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        fields = _stat(folder.name)
        if fields and (int(folder.name) == pid or int(fields[1]) == pid):
            times = fields[11:15] if int(folder.name) == pid else fields[11:13]
            total += sum(map(int, times))
    return total / TICKS


def _machine():
    fields = list(map(int, pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]))
    return sum(fields), fields[7]


class Meter:
    """Readings of one stretch of time."""

    def __init__(self, daemon):
        self.daemon = daemon.process.pid
        self.folder = daemon.private
        self.postmaster = int((daemon.private / "postgresql/postmaster.pid").read_text().split()[0])

    def _read(self):
        wal = psql(self.folder, "SELECT pg_current_wal_insert_lsn() - '0/0'")
        return (own_seconds(self.daemon), family_seconds(self.postmaster), int(wal), *_machine())

    def begin(self):
        """What went before is not counted."""
        self.before = self._read()

    def __enter__(self):
        self.begin()
        return self

    def __exit__(self, *_):
        daemon, database, wal, machine, steal = (
            after - before for before, after in zip(self.before, self._read()))
        self.daemon_seconds = daemon
        self.database_seconds = database
        self.wal_bytes = wal
        self.steal = steal / machine if machine else 0


def _pgbench(folder, script, seconds, user, variables):
    defined = [part for name, value in variables.items() for part in ("-D", f"{name}={value}")]
    return subprocess.run(
        ["pgbench", "-n", "-r", "-M", "prepared", "-c", "1", "-T", str(seconds), "-f", script,
         *defined, "-h", folder, "-U", user, "tiejun"],
        check=True, text=True, capture_output=True).stdout


def pgbench_latency_ms(folder, script, seconds, user="tiejun_owner", **variables):
    """The mean of one client that waits for each answer."""
    output = _pgbench(folder, script, seconds, user, variables)
    return float(re.search(r"latency average = ([0-9.]+) ms", output)[1])


def pgbench_statement_ms(folder, script, mark, seconds, user="tiejun_owner", **variables):
    """The mean of the one statement of a script that holds the mark, as that client sees it."""
    output = _pgbench(folder, script, seconds, user, variables)
    lines = [line.split(maxsplit=2) for line in output.splitlines()]
    took = [line[0] for line in lines if len(line) == 3 and line[1] == "0" and mark in line[2]]
    assert len(took) == 1, output
    return float(took[0])


def server_ms(folder, statement, times, user="tiejun_owner", before=""):
    """The median of what the server itself says that a prepared statement took."""
    output = psql(folder, f"""
        {before};
        PREPARE asked AS {statement};
        {"EXPLAIN (ANALYZE, TIMING OFF) EXECUTE asked;" * times}""", user)
    return statistics.median(map(float, re.findall(r"Execution Time: ([0-9.]+) ms", output)))


def milliseconds(call, times):
    """Of each call, and what the last one answered."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        answer = call()
        took.append((time.perf_counter() - start) * 1e3)
    return took, answer


def load_average():
    return os.getloadavg()[0]
