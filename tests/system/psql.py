"""SQL beside the daemon, by psql: as the owner of the tables, or as whoever a test says."""

import subprocess

SETUP = "SET search_path = tiejun, pg_temp;\n"


def command(connection):
    """psql as all tests run it: it prints bare rows, ends with the first error and says its code."""
    return ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", connection]


def attempt(connection, text):
    """The ended process, whatever came of it."""
    return subprocess.run(command(connection), input=SETUP + text, text=True, capture_output=True)


def query(connection, text):
    answer = attempt(connection, text)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def psql(daemon, text, database="tiejun", user="tiejun_owner"):
    """On the private cluster of a daemon."""
    return query(daemon.connection(user, database), text)


def rows(daemon, text, user="tiejun_owner"):
    """Lists of columns."""
    return [line.split("|") for line in psql(daemon, text, user=user).splitlines()]
