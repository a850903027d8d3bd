"""Totals worked out from single facts in plain Python, to hold roll-ups against."""

import collections
import datetime

METRICS = {
    "FACT_KIND_APPOINTMENT": ["appointments"], "FACT_KIND_NEW_CUSTOMER": ["new_customers"],
    "FACT_KIND_VISIT": ["visits"], "FACT_KIND_MATERIAL": ["materials"],
    "FACT_KIND_NEGOTIATION": ["negotiations"], "FACT_KIND_SIGNING": ["signings", "revenue"],
    "FACT_KIND_PAYMENT": ["payments"],
}
MONEY = {"revenue", "payments"}


def week_of(day):
    date = datetime.date.fromisoformat(day)
    return str(date - datetime.timedelta(days=date.weekday()))


def quarter_of(day):
    return f"{day[:5]}{(int(day[5:7]) - 1) // 3 * 3 + 1:02}-01"


# The group of a fact, by name of the group_by.
GROUPS = {
    "REP": lambda fact: fact.person,
    "TEAM": lambda fact: fact.unit,
    "DAY": lambda fact: fact.local_date,
    "WEEK": lambda fact: week_of(fact.local_date),
    "MONTH": lambda fact: fact.local_date[:7] + "-01",
    "QUARTER": lambda fact: quarter_of(fact.local_date),
}


def child_of(unit):
    """The group of a fact when grouped by the units right below one."""
    return lambda fact: "/".join(fact.unit.split("/")[:len(unit.rstrip("/").split("/")) + 1])


def totals(facts, kind_name, group=lambda fact: ""):
    """(group, metric, currency): [done, effective], without what was voided and without zeros."""
    sums = collections.defaultdict(lambda: [0, 0])
    for fact in facts:
        if fact.voided_by:
            continue
        for metric in METRICS.get(kind_name(fact.kind), []):
            money = metric in MONEY
            amount = fact.amount_minor if money else 1
            entry = sums[group(fact), metric, fact.currency if money else ""]
            entry[0] += amount
            entry[1] += amount if fact.effective else 0
    return {key: tuple(value) for key, value in sums.items()}


def reported(rows):
    """The same of a roll-up's rows; lines of nothing are left out."""
    return {(row.group, row.metric, row.currency): (row.actual, row.effective)
            for row in rows if row.actual or row.effective}
