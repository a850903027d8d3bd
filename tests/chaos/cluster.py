"""A PostgreSQL primary with a synchronous standby, and what can happen to them."""

import os
import pathlib
import shutil
import socket
import subprocess

from daemon import wait_until

BIN = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def run(*arguments):
    """As PostgreSQL's account when we are root, which PostgreSQL refuses to run as."""
    account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    answer = subprocess.run([*(account if os.getuid() == 0 else []), *map(str, arguments)],
                            text=True, capture_output=True, cwd="/")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def command_line(process):
    """Empty for one that is gone, or waits to be buried."""
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


class Server:
    """One PostgreSQL in a folder of its own, on a port of its own."""

    def __init__(self, top, name):
        self.name = name
        self.top = top
        self.data = top / name
        self.port = free_port()

    def make(self):
        """Its files, with the roles and the database of a tiejun; then it runs."""
        run(BIN / "initdb", "-D", self.data, "-U", "tiejun_owner", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        self.start()
        self.psql("CREATE ROLE tiejun_daemon LOGIN; CREATE DATABASE tiejun", "postgres")

    def start(self, *settings):
        options = [f"port={self.port}", f"unix_socket_directories={self.top}", "jit=off",
                   "listen_addresses=127.0.0.1", "shared_buffers=64MB", *settings]
        run(BIN / "pg_ctl", "-D", self.data, "-w", "-l", self.top / f"{self.name}.log",
            "-o", " ".join(f"-c {it}" for it in options), "start")

    def postmaster(self):
        """Its process; None while it is away, and its number maybe another's."""
        account = self.data / "postmaster.pid"
        words = account.read_text().split() if account.exists() else []
        return int(words[0]) if words and str(self.data) in command_line(words[0]) else None

    def stop(self, mode="immediate"):
        if self.postmaster():
            run(BIN / "pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def promote(self):
        run(BIN / "pg_ctl", "-D", self.data, "-w", "promote")

    def psql(self, text, database="tiejun"):
        return subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
             "-U", "tiejun_owner", "-d", database], input=f"SET search_path = tiejun;\n{text}",
            check=True, text=True, capture_output=True).stdout.strip()

    def log(self):
        return (self.top / f"{self.name}.log").read_text()


class Pair:
    """The primary answers a commit when the standby has it on its disk."""

    def __init__(self, top):
        self.top = top
        if os.getuid() == 0:
            shutil.chown(top, "postgres")
        self.primary = Server(top, "primary")
        self.standby = Server(top, "standby")

    def start(self):
        self.primary.make()
        run(BIN / "pg_basebackup", "-h", "127.0.0.1", "-p", self.primary.port, "-U", "tiejun_owner",
            "-D", self.standby.data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")
        with open(self.standby.data / "postgresql.auto.conf", "a") as settings:
            settings.write(
                f"primary_conninfo = 'host=127.0.0.1 port={self.primary.port} user=tiejun_owner"
                " application_name=standby'\n")
        self.standby.start()
        # On the command line, which is not copied: a promoted standby waits for nobody.
        self.primary.stop("fast")
        self.primary.start("synchronous_standby_names=standby")
        wait_until(lambda: self.primary.psql("SELECT sync_state FROM pg_stat_replication")
                   == "sync", "the standby follows")

    def conninfo(self, user):
        """Whichever of them can be written to."""
        return (f"host=127.0.0.1,127.0.0.1 port={self.primary.port},{self.standby.port} user={user}"
                " dbname=tiejun target_session_attrs=read-write connect_timeout=2")

    def stop(self):
        self.primary.stop()
        self.standby.stop()
