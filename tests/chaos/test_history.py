"""The checker catches what it is there for: each kind of broken promise, made up."""

import pytest

from history import Attempt, Outbox, Said, violations


def row(identity, note, **columns):
    return {"id": identity, "device": "a", "kind": "visit", "note": note, "minutes": 20,
            "recorded_at": 1000.5, **columns}


def attempt(identity, note, said=Said.KEPT, **fields):
    return Attempt("a", {"kind": "visit", "note": note, "minutes": 20}, said=said, id=identity,
                   began=1000, ended=1001, **fields)


def test_promises_that_were_kept():
    attempts = [attempt("1", "one"), attempt(None, "killed in time", Said.NOTHING),
                attempt(None, "killed too late", Said.NOTHING),
                attempt("4", "late", Said.REFUSED, good=False),
                attempt(None, "no room", Said.NOT_KEPT), attempt("6", "refused later", good=False)]
    rows = [row("1", "one"), row("3", "killed too late")]
    outbox = Outbox(refused={"4": "it is too old", "6": "it is too old"})
    assert violations(attempts, rows, {"a": outbox}) == []


@pytest.mark.parametrize("words, attempts, rows, outbox", [
    ("lost", [attempt("1", "one")], [], Outbox()),
    ("lost", [attempt("1", "one", Said.REFUSED, good=False)], [], Outbox()),
    ("doubled: id", [attempt("1", "one")], [row("1", "one", office=1), row("1", "one", office=2)],
     Outbox()),
    ("doubled: note", [attempt("1", "one")], [row("1", "one"), row("2", "one")], Outbox()),
    ("changed", [attempt("1", "one")], [row("1", "one", minutes=21)], Outbox()),
    ("changed", [attempt("1", "one")], [row("1", "one", device="b")], Outbox()),
    ("changed", [attempt("1", "one")], [row("2", "one")], Outbox()),
    ("changed", [attempt(None, "one", Said.NOTHING)], [row("1", "one", minutes=21)], Outbox()),
    ("recorded +86400 s", [attempt("1", "one")], [row("1", "one", recorded_at=87400)], Outbox()),
    ("against its word", [attempt(None, "one", Said.NOT_KEPT)], [row("1", "one")], Outbox()),
    ("against its word", [attempt("1", "one", Said.REFUSED)], [row("1", "one")],
     Outbox(refused={"1": "why"})),
    ("against the rules", [attempt("1", "one", good=False)], [row("1", "one")], Outbox()),
    ("invented", [], [row("1", "one")], Outbox()),
    ("waits on", [attempt(None, "one", Said.NOTHING)], [], Outbox(waiting=["1"])),
    ("waits on", [attempt("1", "one")], [row("1", "one")], Outbox(waiting=["1"])),
    ("nothing says why", [attempt("1", "one", good=False)], [], Outbox(refused={"1": ""})),
    ("refused for nothing", [attempt("1", "one")], [], Outbox(refused={"1": "why"})),
])
def test_promises_that_were_broken(words, attempts, rows, outbox):
    found = violations(attempts, rows, {"a": outbox})
    assert any(words in sentence for sentence in found), found
