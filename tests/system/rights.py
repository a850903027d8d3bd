"""Who may what (domain.md 1), said once more and independently of the daemon: a rule a method.

A method of the contract without a row here fails ./run lint and test_rights.py. A row is a list of
calls: which field names the target, by which rule it is allowed, and what else the request needs.
Rules speak of an actor and of a unit; a person, customer or deal is where its owner belongs today.
"""

import dataclasses
import itertools

LEADERS = {"supervisor", "region_manager", "director"}
MANAGERS = {"region_manager", "director"}
PLANNERS = MANAGERS | {"admin"}
OFFICE = {"director", "admin"}

# The company: each unit under its parent, each person in its unit today.
UNITS = {"/": None, "/R1": "/", "/R1/O1": "/R1", "/R1/O1/T1": "/R1/O1", "/R1/O1/T2": "/R1/O1",
         "/R1/O2": "/R1", "/R1/O2/T3": "/R1/O2", "/R2": "/", "/R2/O3": "/R2", "/R2/O3/T4": "/R2/O3"}
T1, T4 = "/R1/O1/T1", "/R2/O3/T4"
PEOPLE = {"rep.own": T1, "rep.mate": T1, "rep.sibling": "/R1/O1/T2", "rep.office": "/R1/O2/T3",
          "rep.region": T4, "rep.moved": T4, "sup.t1": T1, "boss.r1": "/R1", "extra": T4}
# Whoever belonged elsewhere before.
BEFORE = {"rep.moved": T1}
# Higher goals (2.10): of which unit, and whose.
OBJECTIVES = {"/R1": "boss.r1", T1: "sup.t1", "/R2/O3": "rep.region"}
# Where each role is held by those who act with it.
ANCHORS = {"supervisor": T1, "region_manager": "/R1", "director": "/R1", "admin": "/R1"}
# Held today; held once, until its owner left for another team; lent today; lent once.
STATES = ("current", "moved away", "lent", "expired")


def below(unit, top):
    return unit == top or top == "/" or unit.startswith(top + "/")


@dataclasses.dataclass(frozen=True)
class Actor:
    handle: str
    home: str
    role: str = "rep"
    anchor: str = ""
    state: str = "current"

    def has(self, roles, unit):
        return (self.role in roles and self.state in ("current", "lent")
                and below(unit, self.anchor))

    def board(self, unit):
        return unit == self.home and unit not in UNITS.values()


def actors():
    """Every role in every state, and reps who stayed and who moved."""
    yield Actor("rep.own", T1)
    yield Actor("rep.moved", T4)
    for role, state in itertools.product(ANCHORS, STATES):
        home = ANCHORS[role] if state == "current" else T4
        yield Actor(f"{role}.{state}".replace(" ", "_"), home, role, ANCHORS[role], state)


HOMES = {**PEOPLE, **{actor.handle: actor.home for actor in actors()}}


# Rules: whether the actor may, at that unit, with what belongs to that person (None: the unit
# itself).

def anyone(actor, unit, owner):
    return True


def leads(actor, unit, owner):
    return actor.has(LEADERS, unit)


def own_or_leads(actor, unit, owner):
    return owner == actor.handle or leads(actor, unit, owner)


def board_or_leads(actor, unit, owner):
    return own_or_leads(actor, unit, owner) or (owner is None and actor.board(unit))


def leads_a_region(actor, unit, owner):
    return actor.has(MANAGERS, unit)


def plans(actor, unit, owner):
    return actor.has(PLANNERS, unit)


def manages(actor, unit, owner):
    return actor.has(OFFICE, unit)


def own_or_manages(actor, unit, owner):
    return owner == actor.handle or manages(actor, unit, owner)


def manages_another(actor, unit, owner):
    """Only a director gives himself a role, and nobody who stands in for one."""
    return manages(actor, unit, owner) and (
        owner != actor.handle or (actor.role, actor.state) == ("director", "current"))


def above(actor, unit, owner):
    """Leaders, and those who manage people."""
    return actor.has(LEADERS | OFFICE, unit)


def own_or_above(actor, unit, owner):
    return owner == actor.handle or above(actor, unit, owner)


def board_or_above(actor, unit, owner):
    return above(actor, unit, owner) or actor.board(unit)


@dataclasses.dataclass(frozen=True)
class Call:
    kind: str  # none, unit, person, customer, deal, objective
    rule: callable
    # target's fields and what else the request needs, given the target and its unit.
    fields: callable
    # Targets of the kind that make no sense.
    without: tuple = ()


def call(kind, rule, field=None, /, without=(), **more):
    return [Call(kind, rule, lambda target, unit: {field: target, **more} if field else more,
                 without)]


def made(kind, rule, fields, without=()):
    return [Call(kind, rule, fields, without)]


RANGE = {"from_date": "2026-01-01", "to_date": "2026-01-31"}
GOAL = {"metric": "appointments", **RANGE}
LATER = {"from_date": "2091-01-01"}
SUPERVISOR = "ROLE_SUPERVISOR"

RIGHTS = {
    "OrgService.Show": call("unit", board_or_above, "unit"),
    "OrgService.AddUnit": call("unit", manages, "parent", name="{new}", kind="UNIT_KIND_TEAM"),
    # To where it hangs already: whoever may not is told so all the same.
    "OrgService.MoveUnit": made("unit", lambda actor, unit, owner: manages(
        actor, UNITS[unit], owner), lambda unit, _: {"unit": unit, "parent": UNITS[unit]}, ("/",)),
    "OrgService.Import": made("unit", manages, lambda unit, _: {"rows": [
        {"unit": unit, "handle": "{new}", "name": "New", "kinds": "region/office/team"}]}),
    "PersonService.Add": call("unit", manages, "unit", handle="{new}", name="New"),
    "PersonService.Move": made("person", manages, lambda person, unit: {
        "person": person, "unit": unit}),
    "PersonService.List": call("unit", board_or_above, "unit"),
    "PersonService.GrantRole": made("person", manages_another, lambda person, unit: {
        "person": person, "unit": unit, "role": SUPERVISOR, **LATER}),
    "PersonService.LendRole": made("person", own_or_manages, lambda person, unit: {
        "person": person, "unit": unit, "role": SUPERVISOR, "borrower": "extra",
        "from_date": "2091-01-01", "to_date": "2091-01-02"}),
    # Of roles that are held; far ahead, so that nobody loses one here.
    "PersonService.RevokeRole": made("unit", manages, lambda unit, _: {
        "unit": unit, "person": "boss.r1", "role": "ROLE_REGION_MANAGER",
        "last_date": "2090-12-31"}, tuple(set(UNITS) - {"/R1"})),
    "PersonService.Invite": call("person", manages, "person", code_hash="{hash}"),
    "SessionService.WhoAmI": call("none", anyone),
    # Before a login there is nobody yet: test_login.py.
    "SessionService.Login": call("none", anyone, person="rep.own", password="guessed"),
    "SessionService.Enrol": call("none", anyone, code="guessed", password="guessed"),
    # Who logs out here has no more calls to make: test_login.py.
    "SessionService.Logout": call("none", anyone, without=(None,)),
    "SessionService.ChangePassword": call("none", anyone, old_password="guessed"),
    "DeviceService.Add": call("person", own_or_manages, "person", token_hash="{hash}"),
    "DeviceService.List": call("person", own_or_manages, "person"),
    # A number that is nobody's: those who act here go on acting.
    "DeviceService.Revoke": call("person", own_or_manages, "person", device_id=2**40),
    "CalendarService.Show": call("unit", board_or_above, "unit"),
    "CalendarService.Set": call("unit", plans, "unit", days=[
        {"date": "2026-05-01", "factor_milli": 0}]),
    "CalendarService.SetWeek": call("unit", plans, "unit", weekday_mask=31, **LATER),
    "StandardService.Show": call("unit", board_or_above, "unit"),
    "StandardService.Set": call("unit", plans, "unit", metric="visits", target=8, **LATER),
    "MetricService.List": call("none", anyone),
    "LeaveService.Add": call("person", above, "person", from_date="2091-01-01",
                             to_date="2091-01-01"),
    "LeaveService.Remove": call("person", above, "person", from_date="2091-01-01",
                                to_date="2091-01-01"),
    "LeaveService.List": call("person", own_or_above, "person") + call("unit", above, "unit"),
    "GoalService.Set": call("unit", leads, "unit", metric="visits", target=7, **RANGE)
    + call("person", leads, "person", metric="visits", target=7, **RANGE),
    "GoalService.Split": call("unit", leads, "unit", metric="appointments", **RANGE),
    "GoalService.SplitAlong": call("unit", leads, "unit", **GOAL, part="GOAL_PART_WEEK")
    + call("person", leads, "person", **GOAL, part="GOAL_PART_WEEK"),
    "GoalService.Rebalance": call("unit", leads, "unit", **GOAL),
    "GoalService.Show": call("unit", board_or_leads, "unit", **RANGE),
    "GoalService.Tree": call("unit", board_or_leads, "unit", **GOAL),
    "GoalService.History": call("unit", board_or_leads, "unit", **GOAL)
    + call("person", own_or_leads, "person", **GOAL),
    "GoalService.Diff": call("unit", board_or_leads, "unit", **GOAL),
    "GoalService.Phase": call("unit", board_or_leads, "unit", **GOAL)
    + call("person", own_or_leads, "person", **GOAL),
    "GoalService.List": call("unit", leads, "unit", **RANGE),
    "GoalService.Import": made("unit", leads, lambda unit, _: {"goals": [
        {"unit": unit, "metric": "visits", "target": 7, **RANGE}]}),
    # Of the whole company, which is what "none" stands for.
    "RateService.Set": call("none", manages, rates=[
        {"currency": "USD", "into_currency": "EUR", "from_date": "2091-01-01", "rate": "0.9"}]),
    "RateService.List": call("none", anyone),
    "FactService.Log": made("person", own_or_leads, lambda person, _: {"facts": [
        {"id": "{uuid}", "kind": "FACT_KIND_MATERIAL", "subject": "list", "person": person}]}),
    "FactService.List": call("person", own_or_leads, "person") + call("unit", leads, "unit"),
    "FactService.ShowDay": call("person", own_or_leads, "person", date="2026-01-05"),
    "FactService.Pending": call("person", own_or_leads, "person") + call("unit", leads, "unit"),
    "FactService.Decline": call("person", leads, "person", id="{uuid}", reason="x"),
    "CustomerService.Add": made("person", own_or_leads, lambda person, _: {"customers": [
        {"name": "{new}", "owner": person}]}),
    "CustomerService.Show": call("customer", own_or_leads, "customer"),
    "CustomerService.List": call("person", own_or_leads, "person") + call("unit", leads, "unit"),
    # Of one's own alone.
    "CustomerService.Changes": call("none", anyone),
    "DealService.Changes": call("none", anyone),
    "DealService.Record": made("person", own_or_leads, lambda person, _: {"deals": [
        {"id": "{uuid}", "person": person, "opened_on": "2026-01-05"}]}),
    "DealService.List": call("person", own_or_leads, "person") + call("unit", leads, "unit"),
    "DealService.Show": call("deal", own_or_leads, "deal"),
    "DealService.Grade": call("deal", own_or_leads, "deal", grade="GRADE_B", evidence="x"),
    "DealService.Lose": call("deal", own_or_leads, "deal", reason="price", date="2026-01-31"),
    "ReportService.Rollup": call("unit", board_or_leads, "unit", group_by="GROUP_BY_REP", **RANGE)
    + call("person", own_or_leads, "person", **RANGE),
    "ReportService.Funnel": call("unit", leads, "unit", group_by="GROUP_BY_REP")
    + call("person", own_or_leads, "person"),
    "PaceService.Show": call("unit", leads, "unit", **RANGE)
    + call("person", own_or_leads, "person", **RANGE),
    "SolveService.Solve": call("unit", leads, "unit", **RANGE)
    + call("person", own_or_leads, "person", **RANGE),
    "CompetitorService.Report": call("unit", leads, "unit", **RANGE)
    + call("person", own_or_leads, "person", **RANGE),
    # Everybody's own alone: test_push.py.
    "NoticeService.List": call("none", anyone),
    "NoticeService.Subscribe": call("none", anyone),
    "SettingService.Show": call("unit", board_or_above, "unit"),
    "SettingService.Set": call("unit", plans, "unit", key="shrink_weight", value="20", **LATER),
    "ObjectiveService.Add": call("unit", leads_a_region, "unit", title="{new}",
                                 due_date="2034-01-01", key_results=[
                                     {"title": "it", "source": "KEY_RESULT_SOURCE_MILESTONE"}]),
    "ObjectiveService.Edit": call("objective", leads_a_region, "id", due_date="2034-01-02"),
    "ObjectiveService.CheckIn": call("objective", own_or_leads, "id", note="well"),
    "ObjectiveService.Close": call("objective", leads_a_region, "id",
                                   state="OBJECTIVE_STATE_DROPPED", note="enough"),
    "ObjectiveService.Show": call("objective", own_or_leads, "id"),
    # Whoever may see none of a unit's is answered with none.
    "ObjectiveService.List": call("unit", anyone, "unit"),
    # Which rows there are is judged by test_audit.py.
    "AuditService.List": call("none", anyone),
}

HINT = "each method of the contract needs a row in RIGHTS of tests/system/rights.py: who may call it"


def missing(methods):
    """What the table lacks of the contract's methods, and what it has beside them."""
    return {name.removeprefix("tiejun.v1.") for name in methods} ^ set(RIGHTS)
