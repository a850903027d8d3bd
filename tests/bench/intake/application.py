"""What an application server does instead: Fastify and pg, from npm, where Node is installed."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess

from meter import own_seconds, psql

HERE = pathlib.Path(__file__).resolve().parent / "application"
POOL = 16


def modules():
    """The folder of its packages, in the user's cache; None, and why, where there are none."""
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    folder = pathlib.Path(cache) / "tiejun/bench-application"
    if not shutil.which("node") or not shutil.which("npm"):
        return None, "there is no Node here"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules/fastify").exists():
        shutil.copy(HERE / "package.json", folder)
        made = subprocess.run(["npm", "install", "--silent", "--ignore-scripts", "--no-audit",
                               "--no-package-lock", "--prefix", folder], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode != 0:
            return None, "npm cannot bring its packages"
    return folder / "node_modules", None


def enrol(force):
    """The devices once more, with a hash that Node can make."""
    rows = []
    for line in pathlib.Path(force.all).read_text().splitlines():
        token, handle, _ = line.split()
        rows.append(f"('{hashlib.sha256(bytes.fromhex(token)).hexdigest()}', '{handle}')")
    psql(force.daemon.private, f"""
        CREATE TABLE bench.device AS
        SELECT decode(d.hash, 'hex') AS token_hash, p.id AS person_id
        FROM (VALUES {", ".join(rows)}) AS d (hash, handle)
        JOIN person AS p ON p.handle = d.handle;
        CREATE UNIQUE INDEX ON bench.device (token_hash);""")


class Application:
    """Runs from the first call on, until the benchmark ends."""

    def __init__(self, force, packages):
        self.force = force
        self.environment = {**os.environ, "NODE_PATH": str(packages)}
        self.process = None
        self.port = None

    def _start(self):
        enrol(self.force)
        tls = self.force.daemon.ca().parent
        self.process = subprocess.Popen(
            ["node", HERE / "server.js"], text=True, stdout=subprocess.PIPE,
            env={**self.environment, "BENCH_DATABASE": str(self.force.daemon.private),
                 "BENCH_POOL": str(POOL), "BENCH_STATEMENT": str(HERE / "take.sql"),
                 "BENCH_CERTIFICATE": str(tls / "server.pem"), "BENCH_KEY": str(tls / "server.key")})
        self.port = self.process.stdout.readline().strip()
        assert self.port, "the application did not start"

    def seconds_used(self):
        return own_seconds(self.process.pid) if self.process else 0

    def load(self, connections, seconds):
        if not self.process:
            self._start()
        output = subprocess.run(
            ["node", HERE / "load.js", self.port, self.force.all, str(connections), str(seconds)],
            env=self.environment, check=True, text=True, stdout=subprocess.PIPE).stdout
        return json.loads(output.splitlines()[-1])

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
