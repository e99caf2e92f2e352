"""What every fact is that tables and diagrams of changes read: its type and values, unit, meaning and source.

What a kind has of its own stands in `kinds/<kind>_facts.py`; they are computed in `facts.py` and `kinds/<kind>.py`.
"""

from models.enums import ChangeKind, OfficeLevel, OverlayKind, RegistryState, Seat, Stage
from webapp.services.changes.fact_types import (
    BOOLEAN,
    DATE,
    LIST,
    MAYBE_NUMBER,
    NUMBER,
    STRING,
    Described,
    Group,
    one_of,
    words,
)
from webapp.services.changes.validation_codes import CODES
from webapp.services.offices.tree import Distance
from workflows.check import Fact
from workflows.values import ValueType

SANCTIONED = "sanction"  # an overlay of whoever has a sanction that is not revoked (处分未解除)
ONE_SIDED = tuple(kind for kind in ChangeKind if kind is not ChangeKind.TRANSFER)

_PACKS = "lineage of its rule pack, the most specific first"
_AUTHORITY = "level of its registry authority (主管部门), by who runs it"
_GRADUATING = Described(
    BOOLEAN, "whether the present grade is the last of its stage (毕业年级)", "enrolment; domain 3.1.2 T-P2"
)
_PROCESS = "the governing diagram"
_SEATS = Described(
    LIST,
    "the seats (岗位) that exist for the case: a province-governed county has no 市级, a city-run school no 县级. "
    "Read by the engine and the check, not by a table",
    "office tree; domain 2.1",
)
DISTANCE = Described(
    one_of(Distance),
    "how far apart both schools are: `same_authority`: one office is the authority of both; otherwise `same_county`, "
    "`same_city`: both lie in one county, in one city; otherwise `cross_city`, and `cross_province` between two "
    "provinces",
    "office tree; domain 2.1",
)

EXCEPTION = Described(
    BOOLEAN,
    "whether a rule stands against it that allows exceptions, and the application says why; the authority of the "
    "present school then decides first (特殊情况核准)",
    "form, conditions; domain 3.1.2 T-P2",
)

TO_FULL_TIME = Described(
    BOOLEAN,
    "whether the student wants to study full-time again; of a change of the form of study alone",
    "form; domain 3.7, 3.9",
)

MONTH_AND_DAY = Described(
    NUMBER,
    "today's month and day: 1120 on 20 November",
    "clock; domain 3.1.7, 3.8.1",
    "month × 100 + day",
)

SCHOOL = Group(
    "A school",
    "`rule_pack` and `pack_lineage`, which say under which packs it stands",
    {
        "province": Described(
            STRING, 'first two digits of the GB/T 2260 code of the school\'s division, `"41"`', "division"
        ),
        "stage": Described(one_of(Stage), "学段 of the school", "school"),
        "pack": Described(STRING, "name of a rule pack", "`rule_pack`, or given to the school"),
    },
)

# What excludes most stands first, so that the check looks at the fewest combinations.
CASE_OF_A_TRANSFER = Group(
    "The case of a transfer",
    "the diagrams of a transfer, `transfer_governing`, `transfer_levels`, `cross_province_receiving` and "
    "`cross_province_releasing`, `step_limits`, `case_limits`, `on_expiry` and `registry_number`",
    {
        "receiving_here": Described(
            BOOLEAN,
            "whether the receiving school is served by this deployment, as at least one of both is. A side that is "
            "not here has no seats: its steps are skipped, and a step in the lane 外省 (role `counterpart`) waits for "
            "its part instead",
            "deployment",
        ),
        "releasing_here": Described(BOOLEAN, "the same of the releasing school", "deployment"),
        "exception": EXCEPTION,
        "receiving_authority": Described(
            one_of(OfficeLevel), f"of the receiving school: {_AUTHORITY}", "office tree; domain 2.1"
        ),
        "releasing_authority": Described(
            one_of(OfficeLevel), f"of the releasing school: {_AUTHORITY}", "office tree; domain 2.1"
        ),
        "seats": _SEATS,
        "distance": DISTANCE,
        "stage": Described(one_of(Stage), "学段 of the receiving school", "school"),
        "releasing_stage": Described(one_of(Stage), "学段 of the releasing school", "school"),
        "receiving_packs": Described(LIST, f"of the receiving school: {_PACKS}", "`pack_lineage`"),
        "releasing_packs": Described(LIST, f"of the releasing school: {_PACKS}", "`pack_lineage`"),
        "packs": Described(
            LIST,
            "what both lineages have in common: a rule that is in `packs` binds every school of the case",
            "`pack_lineage`",
        ),
        "process": Described(STRING, _PROCESS, "`transfer_governing`"),
    },
)

CASE_AT_ONE_SCHOOL = Group(
    "The case of a change at one school",
    "the diagrams of every kind but the transfer, `change_governing`, `change_levels`, `step_limits`, `case_limits` "
    "and `on_expiry`",
    {
        "kind": Described(one_of(ONE_SIDED), "kind of change (异动类别)", "form"),
        "authority": Described(
            one_of(OfficeLevel), f"of the school: {_AUTHORITY}", "office tree; domain 2.1"
        ),
        "seats": _SEATS,
        "stage": Described(one_of(Stage), "学段 of the school", "school"),
        "graduating_grade": _GRADUATING,
        "certificate": Described(
            BOOLEAN,
            "whether the school is to give the student a certificate of what he has studied; of a withdrawal alone",
            "`withdrawal_certificate`; domain 3.4 WD-05",
        ),
        "to_full_time": TO_FULL_TIME,
        "without_number": Described(
            BOOLEAN,
            "whether the student has no identity number yet; of a correction of key data alone",
            "record; domain 3.6 (W47, W50)",
        ),
        "unnatural_death": Described(
            BOOLEAN,
            "whether the student died by no natural cause; of a departure alone",
            "form; domain 3.13 (W34)",
        ),
        "exception": EXCEPTION,
        "five_year": Described(
            BOOLEAN,
            "whether the course takes five years (五年制)",
            "enrolment; domain 3.8.1",
        ),
        "packs": Described(LIST, f"of the school: {_PACKS}", "`pack_lineage`"),
        "process": Described(STRING, _PROCESS, "`change_governing`"),
    },
)

SIDE = Group(
    "The side that is asked",
    "the conditions of every kind and `hard_checks`, which are asked for each school of the change; lists of papers "
    "read `packs` and `side`",
    {
        "packs": Described(LIST, f"of that side: {_PACKS}", "`pack_lineage`"),
        "side": Described(
            one_of(("receiving", "releasing", "own")),
            "the side that is asked: of a transfer `receiving` and `releasing`, of every other kind `own`",
            "kind of change; domain 2.1",
        ),
        "stage": Described(one_of(Stage), "学段 of that side's school", "school"),
    },
)

RECORD = Group(
    "The record",
    "the conditions of every kind, and some of them by `hard_checks`",
    {
        "kind": Described(one_of(ChangeKind), "kind of change (异动类别)", "form"),
        "moment": Described(
            one_of(("application", "receiving_school")),
            "`application`: the change is applied for; `receiving_school`: the receiving school is about to approve",
            "domain 7.2 T-28",
        ),
        "state": Described(one_of(RegistryState), "学籍状态 of the record", "record; domain 4.2"),
        "overlays": Described(
            Fact(
                ValueType.LIST,
                members=(
                    *words(OverlayKind),
                    SANCTIONED,
                    "in_progress",
                    *[f"in_progress_{kind}" for kind in ChangeKind],
                ),
            ),
            "what lies over the record: what is open of the overlays (叠加状态); `sanction` while one is not revoked "
            "(处分未解除); `in_progress` while any business is open (在办业务), and with its kind, "
            "`in_progress_transfer`",
            "record; domain 4.2, 3.0.2 H1, H2, H8",
        ),
        "semesters_completed": Described(
            NUMBER,
            "semesters finished at the present school: the closed terms that the student joined in their first month "
            "at the latest; where the terms on record begin more than a semester (four months) after that day, the "
            "unrecorded one before them counts too",
            "enrolment, terms; domain 3.1.2 T-P1, T-P3",
            "semesters",
        ),
        "graduating_grade": _GRADUATING,
        "starting_grade": Described(
            BOOLEAN,
            "whether the present grade is the first of its stage (起始年级)",
            "enrolment; domain 3.1.2 T-P7",
        ),
        "semester": Described(
            Fact(ValueType.NUMBER, (1, 2), unknown=True),
            "which semester of the school year opened last",
            "terms; domain 3.1.2 T-P7",
        ),
        "months_into_term": Described(
            MAYBE_NUMBER,
            "the smallest n such that today ≤ the opening day + n months; none if no opening is on record",
            "terms; domain 3.1.2 T-P3, 5.4 L8",
            "months",
        ),
        "working_days_into_term": Described(
            MAYBE_NUMBER,
            "working days after the day on which term opened last, up to and with today: 0 on that day",
            "terms, calendar; domain 3.0.3, 3.1.2 T-P3'",
            "工作日",
        ),
        "working_days_to_term_end": Described(
            MAYBE_NUMBER,
            "working days after today, up to and with the closing day: 0 on that day; none if term has ended or its "
            "end is not on record",
            "terms, calendar; domain 3.0.3, 3.1.2 T-P3'",
            "工作日",
        ),
        "applied_on": Described(
            DATE,
            "the day of the application; until it is handed in, today",
            "clock; domain 3.0.2 H4, 4.5",
        ),
    },
)

REJECTION = Group(
    "A rejection",
    "`rejection_reasons`",
    {
        "seat": Described(
            one_of(seat for seat in Seat if seat.side),
            "the seat (岗位) that rejects; what 外省 answers is text, and the table is not asked",
            "task; domain 3.1.5",
        ),
        "packs": Described(LIST, f"of that seat's side: {_PACKS}", "`pack_lineage`"),
    },
)

VALIDATION = Group(
    "A validation of the national platform",
    "`validation_codes`",
    {"code": Described(one_of(CODES), "what the platform answered", "platform; domain 3.0.2, 3.1.5")},
)
