"""What another province may ask for: its own side is its word, ours is what is known here (domain 3.1.5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from models import AccessLog, Account, ChangeRequest, Office, Student
from models.enums import MessageDirection, MessageKind, Sex, Stage
from tests.webapp.exchange.deployments import HENAN, Deployment, rounds
from tests.webapp.exchange.pupils import a_pupil, asked, pupil_in
from tests.webapp.exchange.sample_messages import RECORD
from tests.webapp.newcomers import a_newcomer
from webapp.services.demo import makers
from webapp.services.exchange import mailbox, schools
from webapp.services.exchange.mailbox import Business
from webapp.services.exchange.messages import plain, read_body
from webapp.services.exchange.newcomers import enter
from webapp.services.exchange.records import admit
from webapp.services.registry.identity import synthetic_identity_number

pytestmark = pytest.mark.slow

IN, OUT = MessageDirection.IN, MessageDirection.OUT
BORN = date(2009, 5, 6)
RECORD_THERE = RECORD | {
    "birth_date": BORN.isoformat(),
    "grade": 2,
    "schooling_years": 3,
    "identity_number": None,
}
NOT_THERE = {
    "code": None,
    "name": "没有的学校",
    "division": "410325",
    "stage": "vocational",
    "run_by": "county",
}


def offered(henan: Deployment, others: Deployment, **changes: Any) -> Mapping[str, Any]:
    """Anhui offers a pupil of its own to a vocational school in Henan; what Henan answers."""
    ours = makers.a_school(henan.session, "410325", Stage.VOCATIONAL)
    theirs = makers.a_school(others.session, "340111", Stage.VOCATIONAL)
    henan.session.commit()
    others.session.commit()
    serial = henan.session.scalar(select(func.count()).select_from(Student)) or 0
    request = {
        "number": "AH-1",
        "pupil": {
            "name": "李想",
            "registry_number": f"G{synthetic_identity_number(BORN, serial, Sex.FEMALE)}",
        },
        "receiving_school": told(ours),
        "releasing_school": told(theirs),
        "grade": 2,
        "reason": "household_move",
        "schooling_years": None,
        "record": RECORD_THERE,
    } | changes
    return asks(others, henan, request)


def told(school: Office) -> dict[str, Any]:
    return {name: getattr(schools.told(school), name) for name in NOT_THERE}


def asks(asking: Deployment, asked: Deployment, request: Mapping[str, Any]) -> Mapping[str, Any]:
    body = read_body(MessageKind.REQUEST, request)
    mailbox.put(asking.session, Business(HENAN, "34", uuid4(), None), MessageKind.REQUEST, body)
    asking.session.commit()
    rounds(asking, asked)
    [answer] = asked.messages(OUT)
    return {"kind": answer.kind.value, **answer.body}


def test_a_pupil_is_entered_with_the_record_that_his_province_sends(
    henan: Deployment, others: Deployment
) -> None:
    assert offered(henan, others)["kind"] == "validated"
    case = henan.case()
    enrolment = case.student.enrolments[0]
    assert (case.student.name, case.applicant.name) == ("李想", "安徽省教育厅")
    assert (enrolment.grade, enrolment.entered_on) == (2, date(2022, 9, 1))
    assert henan.link().began_here is False


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"record": None}, "没有附上学生的学籍信息"),
        ({"receiving_school": NOT_THERE}, "没有这所学校：没有的学校"),
        (
            {"releasing_school": NOT_THERE | {"division": "350203"}},
            "转入、转出学校须分属发送和接收的两省",
        ),
        (
            {"releasing_school": NOT_THERE | {"division": "349999"}},
            "请求中的学生、学校或学籍数据有误",
        ),
        (
            {"receiving_school": NOT_THERE | {"division": "340111"}, "releasing_school": NOT_THERE},
            "",
        ),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_entered(
    henan: Deployment, others: Deployment, changes: dict[str, Any], reason: str
) -> None:
    before = contents(henan)
    answer = offered(henan, others, **changes)
    about = "school" if reason.startswith("没有这所学校") else None
    assert answer == {"kind": "refused", "codes": ["2001"], "about": about, "reason": reason}
    assert contents(henan) == before


def contents(deployment: Deployment) -> tuple[int | None, ...]:
    deployment.session.rollback()
    tables = (Student, ChangeRequest, Account)
    return tuple(deployment.session.scalar(select(func.count()).select_from(table)) for table in tables)


def test_nobody_gives_away_the_pupil_of_another(henan: Deployment, others: Deployment) -> None:
    school = makers.a_school(henan.session, "410325", Stage.VOCATIONAL)
    ours = makers.a_student(henan.session, school, grade=2, number="G990101200905067988", name="王小雨")
    henan.session.commit()
    answer = offered(henan, others, pupil={"name": ours.name, "registry_number": ours.registry_number})
    assert (answer["kind"], answer["reason"]) == ("refused", "学生的学籍不在所称的省")


@pytest.mark.parametrize("typed", ["林小禾", "别人写的名字"])
def test_what_somebody_typed_under_another_name_gives_way_to_the_word_of_the_pupils_province(
    henan: Deployment, others: Deployment, typed: str
) -> None:
    newcomer = replace(a_newcomer(), stage=Stage.VOCATIONAL, grade=2, division_code="340111")
    somebody = makers.an_account(henan.session, "家长")
    entered = enter(henan.session, makers.person_of(henan.session, somebody), replace(newcomer, name=typed))
    pupil = {"name": newcomer.name, "registry_number": newcomer.registry_number}
    record = RECORD_THERE | {"birth_date": newcomer.birth_date.isoformat()}
    assert offered(henan, others, pupil=pupil, record=record)["kind"] == "validated"
    assert (henan.case().student.name, henan.case().student_id == entered.id) == (
        newcomer.name,
        typed == newcomer.name,
    )


def test_an_identity_number_belongs_to_one_registry_number(henan: Deployment, others: Deployment) -> None:
    school = makers.a_school(henan.session, "410325")
    record = RECORD_THERE | {"identity_number": synthetic_identity_number(BORN, 499, Sex.FEMALE)}
    body = read_body(
        MessageKind.DECIDED, {"outcome": "approve", "reason": "", "office": "x", "record": record}
    )
    pupil = read_body(MessageKind.REQUEST, a_request()).pupil
    admit(henan.session, pupil, body.record, school)
    henan.session.commit()
    answer = offered(henan, others, record=record)
    assert (answer["kind"], answer["reason"]) == (
        "refused",
        "这个身份证件号在本省另有学籍号",
    )
    assert plain(MessageKind.DECIDED, body)["record"] == record


def a_request() -> dict[str, Any]:
    return {
        "number": "AH-2",
        "pupil": {"name": "赵一", "registry_number": "G990101200905067997"},
        "receiving_school": NOT_THERE,
        "releasing_school": NOT_THERE,
        "grade": 2,
        "reason": "household_move",
        "schooling_years": None,
        "record": None,
    }


def test_the_code_of_a_school_here_is_no_code_of_theirs(henan: Deployment, others: Deployment) -> None:
    makers.a_school(henan.session, "410325", Stage.VOCATIONAL, school_code="4199999999")
    theirs = NOT_THERE | {"division": "340111", "code": "4199999999"}
    answer = offered(henan, others, releasing_school=theirs)
    assert (answer["kind"], answer["reason"]) == (
        "refused",
        "请求中的学生、学校或学籍数据有误：没有的学校: the code 4199999999 is another school's",
    )


def test_what_cannot_be_true_of_a_pupil_is_refused(henan: Deployment, others: Deployment) -> None:
    before = contents(henan)
    answer = offered(henan, others, record=RECORD_THERE | {"grade": 9})
    assert answer == {
        "kind": "refused",
        "codes": ["2001"],
        "about": None,
        "reason": "请求中的学生、学校或学籍数据有误：record.grade: 9 of 3 years; vocational has 6",
    }
    assert contents(henan) == before


def test_that_a_record_was_sent_stands_in_the_log_of_looks(henan: Deployment, others: Deployment) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    rounds(henan, others)
    others.approve_all()
    others.work()
    student = pupil_in(others, pupil.number)
    looks = select(AccessLog).where(AccessLog.student_id == student.id, AccessLog.what == "exchange")
    [look] = others.session.scalars(looks)
    assert others.session.get_one(Account, look.account_id).name == "河南省教育厅"
