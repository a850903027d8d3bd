"""What connections that say nothing cost the daemon in memory, and what it takes by itself."""

import pathlib
import subprocess

from daemon import BUILD

CONNECTIONS = 10000
EACH_KIB, REST_MIB = 17, 16


def own_kib(pid):
    """Memory that no file gives: what the process would not share with another."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return sum(int(status.split(f"{kind}:")[1].split()[0]) for kind in ("RssAnon", "RssShmem"))


def at_rest(daemon):
    """The daemon has done nothing yet."""
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    return own_kib(daemon.process.pid), int(status.split("VmRSS:")[1].split()[0])


def _each(force):
    pid = force.daemon.process.pid
    before = own_kib(pid)
    load = subprocess.Popen(
        [BUILD / "intake_load", "--address", force.daemon.address, "--ca", force.daemon.ca(),
         "--people", force.all, "--connections", str(CONNECTIONS), "--idle"],
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert load.stdout.readline() == "ready\n", "the connections were not made"
        return (own_kib(pid) - before) / CONNECTIONS
    finally:
        load.stdin.close()
        load.wait()


def _say(what, value, unit, budget):
    print(f"{what}: {value:.1f} {unit}, budget {budget}: {'met' if value <= budget else 'missed'}")


def print_idle(force, rest):
    """rest is what at_rest() said."""
    own, resident = rest
    _say("the daemon at rest", own / 1024, "MiB", REST_MIB)
    print(f"  with what it shares with other processes of the same files: {resident / 1024:.1f} MiB")
    _say(f"each of {CONNECTIONS} idle TLS connections", _each(force), "KiB", EACH_KIB)
