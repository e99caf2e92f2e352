"""Pupils of schools in Song county who leave Henan, with their families, and whom their way takes besides."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Office
from models.enums import Role, Stage
from tests.journeys.deployed import Province
from tests.journeys.pupils import Pupil
from tests.journeys.two_provinces import SONG
from webapp.services.demo import makers

SONG_COUNTY, SONG_VOCATIONAL = "410325", "嵩县演示中等专业学校"
SHEN = Pupil("沈佳宁", 4, SONG, SONG_COUNTY)
JIANG = Pupil(
    "蒋晓雯", 5, SONG_VOCATIONAL, SONG_COUNTY, born=date(2009, 3, 1), entered=date(2025, 9, 1), grade=2
)


def settle(henan: Province, pupil: Pupil, family: str) -> None:
    """Let a pupil attend a school in Henan, which is there by now, with a guardian who signs in as `family`."""
    with henan.session() as session:
        school = session.scalars(select(Office).where(Office.name == pupil.school)).one()
        student = makers.a_student(
            session,
            school,
            grade=pupil.grade,
            entered=pupil.entered,
            name=pupil.name,
            number=pupil.number,
            identity=pupil.identity,
            birth_date=pupil.born,
        )
        makers.a_guardian(session, student, account=_account(session, family))
        session.commit()


def open_vocational_school(henan: Province) -> None:
    """Let there be a vocational school with its officers, and somebody to file with in the province."""
    with henan.session() as session:
        school = makers.a_school(session, SONG_COUNTY, Stage.VOCATIONAL, name=SONG_VOCATIONAL)
        province = session.scalars(select(Office).where(Office.name == "河南省教育厅")).one()
        for login, office, role in (
            ("voc-registrar", school, Role.REGISTRAR),
            ("voc-lead", school, Role.LEAD),
            ("henan-province", province, Role.APPROVER),
        ):
            makers.an_officer(session, office, role, account=_account(session, login))
        session.commit()


def _account(session: Session, login: str) -> Account:
    """Make an account with the password that everybody has here."""
    password_hash = session.scalars(select(Account.password_hash).where(Account.login == "xu-parent")).one()
    return makers.an_account(session, "杨春兰", login, password_hash)
