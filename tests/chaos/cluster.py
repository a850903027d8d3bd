"""A PostgreSQL primary with a synchronous standby, and what can happen to them."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess

from daemon import processes_with, wait_until
from psql import query

BIN = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def run(*arguments, on=()):
    """As PostgreSQL's account when we are root, which PostgreSQL refuses to run as; on: what leads to
    another host."""
    account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    answer = subprocess.run([*on, *(account if os.getuid() == 0 else []), *map(str, arguments)],
                            text=True, capture_output=True, cwd="/")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def command_line(process):
    """Empty for one that is gone, or waits to be buried."""
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def parent_of(process):
    """None for one that is gone."""
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    return int(status.split("\nPPid:", 1)[1].split()[0])


class Server:
    """One PostgreSQL in a folder of its own, on a port of its own, here or on a FarHost."""

    def __init__(self, top, name, far_host=None):
        self.name = name
        self.top = top
        self.data = top / name
        self.port = free_port()
        self.host = far_host.address if far_host else "127.0.0.1"
        self.on = far_host.command() if far_host else []

    def make(self):
        """Its files, with the roles and the database of a tiejun; then it runs."""
        run(BIN / "initdb", "-D", self.data, "-U", "tiejun_owner", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        with open(self.data / "pg_hba.conf", "a") as doors:
            doors.write("host all,replication all samenet trust\n")
        self.start()
        self.psql("CREATE ROLE tiejun_daemon LOGIN; CREATE DATABASE tiejun", "postgres")

    def start(self, *settings):
        options = [f"port={self.port}", f"unix_socket_directories={self.top}", "jit=off",
                   f"listen_addresses={self.host}", "shared_buffers=64MB",
                   "log_startup_progress_interval=1s", *settings]
        self._give_up_number()
        run(BIN / "pg_ctl", "-D", self.data, "-w", "-l", self.top / f"{self.name}.log",
            "-o", " ".join(f"-c {it}" for it in options), "start", on=self.on)

    def postmaster(self):
        """Its process; None while it is away, and its number maybe another's."""
        account = self.data / "postmaster.pid"
        words = account.read_text().split() if account.exists() else []
        return int(words[0]) if words and str(self.data) in command_line(words[0]) else None

    def _give_up_number(self):
        """Of a postmaster that is gone: where another process of PostgreSQL's account has it now, a
        new one would take that for the old. (What a dead one's children hold is seen by the shared
        memory all the same.)"""
        if not self.postmaster():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def is_ready(self):
        return subprocess.run([BIN / "pg_isready", "-q", "-h", self.host, "-p", str(self.port)]
                              ).returncode == 0

    def progress(self):
        """How much it has said that was not a complaint: while it recovers, a line a second."""
        return self.log().count(" LOG:  ")

    def backends(self, user="tiejun_daemon"):
        """The processes that work for this role, in the order of their ids."""
        postmaster = self.postmaster()
        return sorted(process for process in processes_with(f"postgres: {user} ")
                      if postmaster and parent_of(process) == postmaster)

    def freeze(self):
        """As if its machine did no more: who is connected is cut off, and who connects hears nothing."""
        os.kill(self.postmaster(), signal.SIGSTOP)
        for process in self.backends():
            os.kill(process, signal.SIGKILL)

    def stop(self, mode="immediate"):
        postmaster = self.postmaster()
        if postmaster:
            os.kill(postmaster, signal.SIGCONT)
            run(BIN / "pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def promote(self):
        run(BIN / "pg_ctl", "-D", self.data, "-w", "promote")

    def psql(self, text, database="tiejun"):
        return query(f"host={self.host} port={self.port} user=tiejun_owner dbname={database}",
                     text).strip()

    def log(self):
        return (self.top / f"{self.name}.log").read_text()


class Pair:
    """The primary answers a commit when the standby has it on its disk."""

    def __init__(self, top, far_host=None):
        """The primary is on the far host, if there is one."""
        self.top = top
        if os.getuid() == 0:
            shutil.chown(top, "postgres")
        self.primary = Server(top, "primary", far_host)
        self.standby = Server(top, "standby")

    def start(self):
        self.primary.make()
        run(BIN / "pg_basebackup", "-h", self.primary.host, "-p", self.primary.port, "-U", "tiejun_owner",
            "-D", self.standby.data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")
        with open(self.standby.data / "postgresql.auto.conf", "a") as settings:
            settings.write(
                f"primary_conninfo = 'host={self.primary.host} port={self.primary.port} user=tiejun_owner"
                " application_name=standby'\n")
        self.standby.start()
        # On the command line, which is not copied: a promoted standby waits for nobody.
        self.primary.stop("fast")
        self.primary.start("synchronous_standby_names=standby")
        wait_until(lambda: self.primary.psql("SELECT sync_state FROM pg_stat_replication")
                   == "sync", "the standby follows")

    def conninfo(self, user):
        return (f"host={self.primary.host},{self.standby.host}"
                f" port={self.primary.port},{self.standby.port} user={user} dbname=tiejun")

    def stop(self):
        try:
            self.primary.stop()
        finally:
            self.standby.stop()
