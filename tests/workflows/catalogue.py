"""The diagrams that every property is tried on: one for each way tokens can go, and all that are shipped."""

from tests.workflows.diagrams import SEAT, a_process, a_table
from workflows.definition import read_definition
from workflows.shipped import shipped_processes

ALL_SEATS = {"seats": (SEAT, "县级", "市级"), "skip": False, "scope": "city"}
SCHOOL_ONLY = ALL_SEATS | {"seats": (SEAT,)}

BRANCHES = ("p_split > a > p_join", "p_split > b > p_join")
AGAIN = {"outcomes": "approve again"}
COUNTY = {"seat": "县级"}
REMINDER = {"at": "a", "interrupting": "false", "working_days": "3"}
LEVELS = {"rules.dmn": a_table("levels", "scope", "steps", {'"county"': 1, '"city"': 2, "-": 3})}
REVIEW = {"review.bpmn": a_process("review", "start > handler > chief > end", chief=COUNTY)}
BOTH_SIDES = {
    "both.bpmn": a_process("both", "start > p_1", "p_1 > into > p_2", "p_1 > out > p_2", "p_2 > end")
}


def log_of(decisions):
    """Return the log of "a:1 b:1=again timer:1!": without an outcome a decision approves, with "!" a timer fires."""
    pairs = (decision.partition("=") for decision in decisions.split())
    return [
        (key.removesuffix("!"), None if key.endswith("!") else outcome or "approve")
        for key, _, outcome in pairs
    ]


def drawn(*ways, files=None, **nodes):
    """Return the files of a process "main"."""
    return {"main.bpmn": a_process("main", *ways, **nodes), **(files or {})}


FILES = {
    "sequence": drawn("start > a > b > c > end", b=COUNTY),
    "choice": drawn(
        "start > a > x", "x > b > end1 if outcome('a') == 'again'", "x > end2 else", a=AGAIN
    ),
    "merge": drawn(
        "start > x_1",
        "x_1 > a > x_2 if skip",
        "x_1 > b > x_2 else",
        "x_2 > c > end",
    ),
    "loop": drawn("start > a > b > x", "x > a if outcome('b') == 'again'", "x > end else", b=AGAIN),
    "parallel": drawn("start > p_split", *BRANCHES, "p_join > c > end"),
    "three branches of unequal length": drawn(
        "start > p_split", *BRANCHES, "p_split > c > d > e > p_join", "p_join > f > end", d=COUNTY
    ),
    "a branch that is skipped": drawn("start > p_split", *BRANCHES, "p_join > c > end", a=COUNTY),
    "an empty branch": drawn("start > p_split", *BRANCHES, "p_split > p_join", "p_join > end"),
    "nested parallel": drawn(
        "start > p_split", "p_split > p_1", "p_1 > a > p_2", "p_1 > b > p_2", "p_2 > c > p_join",
        "p_split > d > p_join", "p_join > end", b=COUNTY,
    ),
    "parallel in a loop": drawn(
        "start > x_in > p_split", *BRANCHES, "p_join > c > x_out", "x_out > x_in if outcome('c') == 'again'",
        "x_out > end else", a={"skip_when": "skip"}, c=AGAIN,
    ),
    "a loop in a branch": drawn(
        "start > p_split", "p_split > a > x", "x > a if outcome('a') == 'again'", "x > p_join else",
        "p_split > b > p_join", "p_join > end", a=AGAIN,
    ),
    "ends of their own": drawn(
        "start > p_split", "p_split > a > end1", "p_split > b > x", "x > c > end2 if outcome('b') == 'again'",
        "x > end3 else", b=AGAIN, c=COUNTY,
    ),
    "a call": drawn("start > a > call > b > end", call={"calledElement": "review"}, files=REVIEW),
    "a call beside a step": drawn(
        "start > p_1", "p_1 > call > p_2", "p_1 > a > p_2", "p_2 > end",
        call={"calledElement": "both"}, files=BOTH_SIDES,
    ),
    "calls in calls": drawn(
        "start > call_1 > call_2 > end",
        call_1={"calledElement": "outer"},
        call_2={"calledElement": "review"},
        files=REVIEW | {
            "outer.bpmn": a_process("outer", "start > a > call > end", call={"calledElement": "review"})
        },
    ),
    "two calls of the same at once": drawn(
        "start > p_1", "p_1 > call_1 > p_2", "p_1 > call_2 > p_2", "p_2 > end",
        call_1={"calledElement": "review"}, call_2={"calledElement": "review"}, files=REVIEW,
    ),
    "a call in a loop": drawn(
        "start > x_in > call > a > x_out", "x_out > x_in if outcome('a') == 'again'", "x_out > end else",
        a=AGAIN, call={"calledElement": "review"}, files=REVIEW,
    ),
    "a loop in a call": drawn(
        "start > call > end", call={"calledElement": "loop"},
        files={"loop.bpmn": a_process(
            "loop", "start > a > x", "x > a if outcome('a') == 'again'", "x > end else", a=AGAIN
        )},
    ),
    "a rule": drawn(
        "start > rule > x", "x > a > end1 if steps == 1", "x > b > end2 if steps == 2", "x > c > end3 else",
        rule={"ref": "levels"}, files=LEVELS,
    ),
    "a rule in a call": drawn(
        "start > call > x", "x > a > end1 if steps > 1", "x > end2 else", call={"calledElement": "ruled"},
        files=LEVELS | {"ruled.bpmn": a_process("ruled", "start > rule > b > end", rule={"ref": "levels"})},
    ),
    "a skip by expression": drawn(
        "start > a > b > c > end", a={"skip_when": "skip"}, b={"skip_when": "outcome('a') == 'approve'"}
    ),
    "all skipped": drawn("start > a > b > end", a=COUNTY, b={"seat": "市级"}),
    "a filing on the way": drawn("start > a > b > c > end", b={"blocking": "false"}),
    "a filing at the end": drawn("start > a > filing > end", filing={"blocking": "false"}),
    "a filing in a branch": drawn("start > p_split", *BRANCHES, "p_join > end", a={"blocking": "false"}),
    "a wait": drawn("start > a > wait > b > end"),
    "waits in a row": drawn("start > wait_1 > wait_2 > a > end"),
    "a reminder": drawn("start > a > end1", "timer > b > end2", timer=REMINDER),
    "a reminder that is filed": drawn(
        "start > a > c > end1", "timer > b > end2", b={"blocking": "false"}, timer=REMINDER
    ),
    "a reminder in a loop": drawn(
        "start > a > x", "x > a if outcome('a') == 'again'", "x > end1 else", "timer > b > end2",
        a=AGAIN, b={"blocking": "false"}, timer=REMINDER,
    ),
    "another takes over": drawn("start > a > x > b > end", "timer > c > x", c=COUNTY, timer={"at": "a"}),
    "a reminder before another takes over": drawn(
        "start > a > x > end1", "timer_1 > b > end2", "timer_2 > c > x",
        timer_1=REMINDER, timer_2={"at": "a", "duration": "P20D"},
    ),
    "a timer that leads back": drawn("start > x > a > b > end", "timer > x", timer={"at": "b"}),
    "timers in branches": drawn(
        "start > p_split", "p_split > a > x > p_join", "p_split > b > p_join", "p_join > c > end",
        "timer > wait > x", timer={"at": "a"},
    ),
    "timers in two calls at once": drawn(
        "start > p_1", "p_1 > call_1 > p_2", "p_1 > call_2 > p_2", "p_2 > end",
        call_1={"calledElement": "timed"}, call_2={"calledElement": "timed"}, files={"timed.bpmn": a_process(
            "timed", "start > a > x > wait > end", "timer > b > x", timer={"at": "a", "working_days": "10"}
        )},
    ),
    "a timer at a step that may be skipped": drawn(
        "start > a > x > b > end", "timer > c > x", a={"seat": "县级", "skip_when": "skip"}, timer={"at": "a"}
    ),
}  # fmt: skip


DEFINITIONS = {name: (files, read_definition(files, "main")) for name, files in FILES.items()} | {
    process: (files, read_definition(files, process)) for process, files in shipped_processes().items()
}
