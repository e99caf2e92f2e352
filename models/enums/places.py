"""Where things are decided: divisions, offices, seats."""

from enum import StrEnum


class DivisionLevel(StrEnum):
    """Level of an administrative division (行政区划级别)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class OfficeKind(StrEnum):
    """What an office is: a bureau (教育行政部门), a school (学校), or a city's exam office (招生考试院)."""

    BUREAU = "bureau"
    SCHOOL = "school"
    EXAM_OFFICE = "exam_office"


class OfficeLevel(StrEnum):
    """Level of a bureau; of a school, the level that runs it (县属, 市属, 省属)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Stage(StrEnum):
    """Stage of schooling (学段)."""

    COMPULSORY = "compulsory"
    SENIOR_HIGH = "senior_high"
    VOCATIONAL = "vocational"

    @property
    def schooling_years(self) -> int:
        """How many years it takes as a rule (学制)."""
        return 9 if self is Stage.COMPULSORY else 3

    @property
    def most_years(self) -> int:
        """How many years it takes at most: vocational courses may be as long as six."""
        return 6 if self is Stage.VOCATIONAL else self.schooling_years


class Seat(StrEnum):
    """A lane of a diagram: an office relative to the case (岗位)."""

    APPLICANT = "申请人"
    RECEIVING_SCHOOL = "转入学校"
    RECEIVING_COUNTY = "转入县级"
    RECEIVING_CITY = "转入市级"
    RECEIVING_PROVINCE = "转入省级"
    RELEASING_SCHOOL = "转出学校"
    RELEASING_COUNTY = "转出县级"
    RELEASING_CITY = "转出市级"
    RELEASING_PROVINCE = "转出省级"
    OUTSIDE = "外省"
    SCHOOL = "学校"
    COUNTY = "县级"
    CITY = "市级"
    PROVINCE = "省级"
    EXAM_OFFICE = "招生考试院"

    @property
    def side(self) -> str:
        """Which school's side it is of: `receiving`, `releasing`, or `own` where there is but one; none: empty."""
        if self.startswith("转入"):
            return "receiving"
        if self.startswith("转出"):
            return "releasing"
        return "own" if self in OWN_SEATS else ""


OWN_SEATS = (Seat.SCHOOL, Seat.COUNTY, Seat.CITY, Seat.PROVINCE, Seat.EXAM_OFFICE)
