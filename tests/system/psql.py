"""SQL beside the daemon, by psql: as the owner of the tables, or as whoever a test says."""

import subprocess

SETUP = "SET search_path = tiejun, pg_temp;\n"


def command(connection, **variables):
    """psql as all tests run it: it prints bare rows, ends with the first error and says its code."""
    variables = {"ON_ERROR_STOP": 1, "VERBOSITY": "verbose", **variables}
    defined = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
    return ["psql", "-XAtq", *defined, connection]


def attempt(connection, text, **variables):
    """The ended process, whatever came of it."""
    return subprocess.run(command(connection, **variables), input=SETUP + text, text=True,
                          capture_output=True)


def query(connection, text, **variables):
    answer = attempt(connection, text, **variables)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def psql(daemon, text, database="tiejun", user="tiejun_owner"):
    """On the private cluster of a daemon."""
    return query(daemon.connection(user, database), text)


def rows(daemon, text, user="tiejun_owner"):
    """Lists of columns."""
    return [line.split("|") for line in psql(daemon, text, user=user).splitlines()]
