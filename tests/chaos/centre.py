"""The centre as a supervisor keeps it: a PostgreSQL and a daemon, each with a life of its own, that
are started again when they were killed."""

import json
import os
import pathlib
import shutil
import signal
import tempfile

from cluster import Server, command_line
from daemon import PATIENCE, Daemon, processes_with, wait_until, wait_while_it_gets_on


class Centre:
    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="tj.", dir="/tmp"))
        self.top.chmod(0o755)
        place = self.top / "database"
        place.mkdir()
        if os.getuid() == 0:
            shutil.chown(place, "postgres")
        self.server = Server(place, "centre")
        self.daemon = Daemon(home=self.top, config=self._settings())
        # Backends that wait for a SIGCONT, their postmaster's death notwithstanding.
        self.stopped = set()

    def _settings(self):
        path = self.top / "tiejund.ini"
        where = f"host=127.0.0.1 port={self.server.port} dbname=tiejun connect_timeout=5"
        path.write_text("[daemon]\nlisten = 127.0.0.1:0\n[database]\n"
                        f"connection = {where} user=tiejun_daemon\n"
                        f"owner_connection = {where} user=tiejun_owner\n")
        return path

    def make(self):
        self.server.make()
        made = self.daemon.init(company="Tests", time_zone="UTC", currency="USD", locale="en")
        assert made.returncode == 0, made.stderr
        self.daemon.start()

    # ---- what befalls it ----

    def kill_daemon(self):
        if self.daemon.process:
            assert self.daemon.process.poll() is None, "the daemon ended by itself"
            self.daemon.kill(signal.SIGKILL)

    def kill_postmaster(self):
        self._signal(self.server.postmaster(), signal.SIGKILL)

    def signal_daemon(self, number):
        if self.daemon.process:
            self.daemon.process.send_signal(number)

    def kill_backend(self, which):
        self._signal(self._backend(which), signal.SIGKILL)

    def stop_backend(self, which):
        process = self._backend(which)
        self.stopped.add(process)
        self._signal(process, signal.SIGSTOP)

    def _backend(self, which):
        running = self.server.backends()
        return running[which % len(running)] if running else None

    @staticmethod
    def _signal(process, number):
        try:
            if process:
                os.kill(process, number)
        except ProcessLookupError:
            pass

    # ---- and how it comes back ----

    def go_on(self):
        """Whatever was stopped."""
        self.signal_daemon(signal.SIGCONT)
        while self.stopped:
            self._signal(self.stopped.pop(), signal.SIGCONT)

    def come_up(self):
        """Until both serve. The processes of a killed postmaster may hold its place for a moment, and
        PostgreSQL may recover for as long as it gets on."""
        self.go_on()
        try:
            wait_while_it_gets_on(self._server_serves, self.server.progress,
                                  "PostgreSQL comes up again")
            wait_until(lambda: self.daemon.process or self._try_daemon(),
                       "the daemon comes up again", 3 * PATIENCE)
        except AssertionError:
            print(*self.daemon.log().splitlines()[-8:], *self.server.log().splitlines()[-20:],
                  *map(command_line, processes_with(str(self.top))), sep="\n")
            raise

    def _server_serves(self):
        return (self.server.postmaster() or self._try_server()) and self.server.is_ready()

    def _try_daemon(self):
        """It ends when its database is not ready yet."""
        try:
            self.daemon.start()
        except AssertionError:
            if self.daemon.process.poll() is None:
                raise
            self.daemon.process = None
        return self.daemon.process

    def _try_server(self):
        try:
            self.server.start()
        except AssertionError:
            return False
        return True

    # ---- what is left ----

    def facts(self):
        text = """
            SELECT row_to_json(r) FROM (
                SELECT f.id, p.handle AS device, f.kind, c.name AS customer, f.note, f.minutes,
                    f.outcome, f.amount_minor, f.currency, f.subject, f.voids,
                    extract(epoch FROM f.recorded_at)::float8 AS recorded_at
                FROM fact AS f
                JOIN person AS p ON p.id = f.person_id
                LEFT JOIN customer AS c
                    ON c.office_id = f.customer_office_id AND c.id = f.customer_id
            ) AS r"""
        return [json.loads(line) for line in self.server.psql(text).splitlines()]

    def remove(self):
        """Returns the daemon's exit code."""
        self.go_on()
        try:
            return self.daemon.stop()
        finally:
            self.server.stop()
            shutil.rmtree(self.top, ignore_errors=True)
