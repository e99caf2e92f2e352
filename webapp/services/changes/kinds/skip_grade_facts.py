"""What the tables of skipping a grade (跳级) read of its application, beside the record."""

from webapp.services.changes.fact_types import MAYBE_NUMBER, NUMBER, ApplicationFacts, Described

FACTS = ApplicationFacts(
    {
        "grades_up": Described(
            NUMBER, "the grade that is wanted − the present grade", "form, enrolment; domain 3.13", "grades"
        ),
        "years_gained": Described(
            NUMBER,
            "how much earlier than by the years of schooling (学制) he would end, since his entry in all: the grade "
            "that is wanted − 1 − the school years between the day of entry and today",
            "form, enrolment; domain 3.13; S1B 第三十条、第三十四条",
            "years",
        ),
        "semesters_not_passed": Described(
            MAYBE_NUMBER,
            "semesters finished since his entry − those with all results passed, 0 at least; none if the school has "
            "entered no results, or the terms on record begin later than a month after the entry",
            "semester record, terms; domain 3.13; S1B 第三十四条",
            "semesters",
        ),
    },
    papers={},
)
