"""What the tables of a skipped grade (跳级) read of its application, beside the record."""

from webapp.services.changes.fact_types import MAYBE_NUMBER, NUMBER, ApplicationFacts, Described

FACTS = ApplicationFacts(
    {
        "grades_up": Described(
            NUMBER, "the grade applied for less the present one", "form, enrolment; domain 3.13", "grades"
        ),
        "years_ahead": Described(
            NUMBER,
            "the grade applied for less that in which somebody is who entered in the same year and skipped none",
            "form, enrolment; domain 3.13; S1B 34",
            "years",
        ),
        "semesters_not_passed": Described(
            MAYBE_NUMBER,
            "semesters finished without all results passed; none if the school has entered no results",
            "semester records, terms; domain 3.13; S1B 34",
            "semesters",
        ),
    },
    papers={},
)
