"""What was promised, and whether it was kept: a pure checker over what commands said, what the
database holds, and what the outboxes still hold."""

import collections
import dataclasses
import enum

# A device corrects its clock by a Hello whose answer may have been held up for so long.
CLOCK_TOLERANCE_S = 60


class Said(enum.Enum):
    """What became of a fact, by the word of the command that was to log it."""
    KEPT = "saved or synced"
    REFUSED = "refused, and kept in sight"
    NOT_KEPT = "not kept"
    # It was killed: either is right, but not half of it.
    NOTHING = "nothing"


@dataclasses.dataclass
class Attempt:
    """One `tiejun log`."""
    device: str
    # The fact's columns; "note" is of this attempt alone.
    content: dict
    # Whether the centre has no reason to refuse it.
    good: bool = True
    said: Said = Said.NOTHING
    id: str | None = None
    # True times, whatever the device's clock showed.
    began: float = 0.0
    ended: float = 0.0


@dataclasses.dataclass
class Outbox:
    """What an outbox holds at the end."""
    waiting: list = dataclasses.field(default_factory=list)
    # id: the reason that the user can see.
    refused: dict = dataclasses.field(default_factory=dict)


def violations(attempts, rows, outboxes):
    """Sentences, none when every promise was kept.

    rows: the facts of the database, as dictionaries of their columns with "device" (who did the
    work), "recorded_at" (seconds since 1970) and "voids". outboxes: by device.
    """
    return [*_doubled(rows), *_lost(attempts, rows, outboxes), *_against_word(attempts, rows),
            *_invented(attempts, rows), *_changed(attempts, rows), *_left_over(attempts, outboxes)]


def _name(attempt):
    return f"{attempt.device}'s {attempt.content['kind']} {attempt.id} ({attempt.content['note']})"


def _doubled(rows):
    # One id may be there in two offices, and one work under two ids.
    for column in ("id", "note"):
        counts = collections.Counter(row[column] for row in rows)
        for value, count in counts.items():
            if count > 1:
                yield f"doubled: {column} {value} is there {count} times"


def _lost(attempts, rows, outboxes):
    kept = {row["id"] for row in rows}
    for it in attempts:
        outbox = outboxes[it.device]
        if it.said is Said.KEPT and it.id not in kept and it.id not in outbox.refused:
            yield f"lost: {_name(it)} was reported saved"
        if it.said is Said.REFUSED and it.id not in outbox.refused:
            yield f"lost: {_name(it)} was refused and is not in sight"


def _against_word(attempts, rows):
    kept = {row["note"] for row in rows}
    for it in attempts:
        if it.said in (Said.REFUSED, Said.NOT_KEPT) and it.content["note"] in kept:
            yield f"against its word: {_name(it)} was {it.said.value}, and is there"
        if not it.good and it.content["note"] in kept:
            yield f"against the rules: {_name(it)} is there"


def _invented(attempts, rows):
    logged = {it.content["note"] for it in attempts}
    for row in rows:
        if row["note"] not in logged:
            yield f"invented: {row['id']} ({row['note']}) was logged by nobody"


def _changed(attempts, rows):
    by_note = {row["note"]: row for row in rows}
    for it in attempts:
        row = by_note.get(it.content["note"])
        if not row:
            continue
        expected = {"device": it.device, **it.content, **({"id": it.id} if it.id else {})}
        for column, value in expected.items():
            if row[column] != value:
                yield f"changed: {_name(it)}: {column} is {row[column]!r}, was {value!r}"
        if not -CLOCK_TOLERANCE_S <= row["recorded_at"] - it.began <= (
                it.ended - it.began + CLOCK_TOLERANCE_S):
            yield (f"changed: {_name(it)}: recorded {row['recorded_at'] - it.began:+.0f} s from"
                   " its time")


def _left_over(attempts, outboxes):
    good = {it.id for it in attempts if it.good and it.id}
    for device, outbox in outboxes.items():
        for identity in outbox.waiting:
            yield f"left over: {device}'s {identity} waits on"
        for identity, reason in outbox.refused.items():
            if not reason:
                yield f"left over: {device}'s {identity} was refused and nothing says why"
            if identity in good:
                yield f"left over: {device}'s {identity} was refused for nothing: {reason}"
