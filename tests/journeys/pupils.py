"""Children at schools outside Henan, who want to come there."""

from dataclasses import dataclass
from datetime import date

from models.enums import Sex
from webapp.services.registry.identity import synthetic_identity_number


@dataclass(frozen=True)
class Pupil:
    """A girl of the third grade, as her registry sheet (学籍表) has her; a day has 500 serials."""

    name: str
    serial: int
    school: str
    division: str
    born: date = date(2017, 3, 1)
    entered: date = date(2024, 9, 1)
    grade: int = 3

    @property
    def identity(self) -> str:
        return synthetic_identity_number(self.born, self.serial, Sex.FEMALE)

    @property
    def number(self) -> str:
        return f"G{self.identity}"


BAOHE, XIHU = "合肥包河演示小学", "杭州西湖演示小学"
TANG, TAN = Pupil("唐一鸣", 1, BAOHE, "340111"), Pupil("谭依琳", 2, BAOHE, "340111")
XU = Pupil("许安然", 3, XIHU, "330106")
