"""Offices, and what follows from their place in the tree: domain 2.1."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import Office
from models.enums import OfficeKind, OfficeLevel, Stage
from webapp.database import sqlalchemy_url
from webapp.services.offices.bureaus import load_divisions_and_bureaus
from webapp.services.offices.school_names import SchoolCodeWrong, SchoolNameWrong
from webapp.services.offices.tree import (
    NobodyRunsIt,
    NoSuchDivision,
    OfficeNotInEffect,
    authorities,
    create_school,
    distance,
    find_schools,
    transfer_seats,
)

BEGINS, TODAY = date(2010, 9, 1), date(2026, 9, 7)
COUNTY, CITY, PROVINCE = OfficeLevel.COUNTY, OfficeLevel.CITY, OfficeLevel.PROVINCE
NUMBERS = count(1)


@pytest.fixture(scope="module")
def country(database_url):
    """A connection in whose transaction the whole country is loaded; rolled back in the end."""
    engine = create_engine(sqlalchemy_url(database_url))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            load_divisions_and_bureaus(session)
            session.commit()
        yield connection
        transaction.rollback()
    engine.dispose()


@pytest.fixture
def session(country, settings_for, database_url):
    """A session that only ever sees the country and what its own test adds to it."""
    info = {"settings": settings_for(database_url)}
    with Session(country, join_transaction_mode="create_savepoint", info=info) as session:
        yield session


def a_school(session, division_code, run_by=COUNTY, stage=Stage.COMPULSORY, **given):
    defaults = {"name": f"第{next(NUMBERS)}中学", "valid_from": BEGINS}
    return create_school(session, division_code=division_code, run_by=run_by, stage=stage, **defaults | given)


def bureau(session, division_code):
    return session.scalars(
        select(Office).filter_by(division_code=division_code, kind=OfficeKind.BUREAU)
    ).one()


def chain(session, school, on=TODAY):
    return [authority.name for authority in authorities(session, school, on)]


@pytest.mark.parametrize(
    ("division_code", "run_by", "expected"),
    [
        ("410323", COUNTY, ["新安县教育局", "洛阳市教育局", "河南省教育厅"]),
        ("410323", CITY, ["洛阳市教育局", "河南省教育厅"]),
        ("410300", CITY, ["洛阳市教育局", "河南省教育厅"]),
        ("410323", PROVINCE, ["河南省教育厅"]),
        ("410000", PROVINCE, ["河南省教育厅"]),
        ("419001", COUNTY, ["济源市教育局", "河南省教育厅"]),
        ("429004", COUNTY, ["仙桃市教育局", "湖北省教育厅"]),
        ("110105", COUNTY, ["北京市朝阳区教育局", "北京市教育委员会"]),
        ("441900", CITY, ["东莞市教育局", "广东省教育厅"]),
    ],
)
def test_a_school_answers_to_who_runs_it_and_to_all_above(session, division_code, run_by, expected):
    assert chain(session, a_school(session, division_code, run_by)) == expected


@pytest.mark.parametrize(
    ("division_code", "run_by", "reason"),
    [
        ("410300", COUNTY, "洛阳市 has no county bureau"),
        ("419001", CITY, "济源市 has no city bureau"),
        ("110105", CITY, "朝阳区 has no city bureau"),
        ("410000", CITY, "河南省 has no city bureau"),
    ],
)
def test_a_school_run_by_a_level_that_is_not_there_is_refused(session, division_code, run_by, reason):
    with pytest.raises(NobodyRunsIt, match=reason):
        a_school(session, division_code, run_by)


@pytest.mark.parametrize(
    ("given", "refusal", "reason"),
    [
        ({"division_code": "370181"}, NoSuchDivision, "370181"),  # 章丘市, no more
        ({"division_code": "'; --"}, NoSuchDivision, "'; --"),
        ({"name": "  "}, SchoolNameWrong, "1 to 100 characters"),
        ({"name": "中" * 101}, SchoolNameWrong, "1 to 100 characters"),
        ({"school_code": "12345"}, SchoolCodeWrong, "12345"),
        ({"school_code": "１２３４５６７８９０"}, SchoolCodeWrong, "ten digits"),
        ({"valid_from": date(1949, 9, 30)}, NobodyRunsIt, "新安县"),
    ],
)
def test_a_school_that_cannot_be_is_refused(session, given, refusal, reason):
    with pytest.raises(refusal, match=reason):
        a_school(session, **{"division_code": "410323"} | given)


def test_a_school_keeps_what_was_entered(session):
    school = a_school(session, "350203", stage=Stage.VOCATIONAL, name=" 集美职校 ", school_code="3235000102")
    session.expire(school)
    assert (school.name, school.school_code, school.stage) == ("集美职校", "3235000102", "vocational")
    assert school.path == [*bureau(session, "350203").path, school.id]


def test_an_office_that_is_no_more_is_never_left_out_of_the_chain_in_silence(session):
    school = a_school(session, "410323")
    bureau(session, "410300").valid_to = TODAY
    session.flush()
    with pytest.raises(OfficeNotInEffect, match="洛阳市教育局 does not exist on 2026-09-07"):
        authorities(session, school, TODAY)
    assert len(chain(session, school, date(2026, 9, 6))) == 3


def test_a_school_that_does_not_exist_yet_takes_part_in_nothing(session):
    coming, present = a_school(session, "410323", valid_from=date(2026, 9, 8)), a_school(session, "410323")
    with pytest.raises(OfficeNotInEffect, match="only from 2026-09-08 to …"):
        transfer_seats(session, coming, present, TODAY)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("410323", COUNTY), ("410323", COUNTY), "same_authority"),
        (("410323", CITY), ("410305", CITY), "same_authority"),
        (("410300", CITY), ("410305", CITY), "same_authority"),
        (("410323", PROVINCE), ("350203", PROVINCE), "cross_province"),
        (("410323", PROVINCE), ("410105", PROVINCE), "same_authority"),
        (("410323", COUNTY), ("410323", CITY), "same_county"),
        (("410323", COUNTY), ("410323", PROVINCE), "same_county"),
        (("410323", COUNTY), ("410305", COUNTY), "same_city"),
        (("410323", COUNTY), ("410300", CITY), "same_city"),
        (("410300", CITY), ("410300", PROVINCE), "same_city"),
        (("410323", COUNTY), ("410105", COUNTY), "cross_city"),
        (("410323", COUNTY), ("410000", PROVINCE), "cross_city"),
        (("410323", COUNTY), ("419001", COUNTY), "cross_city"),
        (("429004", COUNTY), ("429005", COUNTY), "cross_city"),
        (("110105", COUNTY), ("110108", COUNTY), "same_city"),
        (("500229", COUNTY), ("500103", COUNTY), "same_city"),
        (("410323", COUNTY), ("350203", COUNTY), "cross_province"),
        (("110105", COUNTY), ("120101", COUNTY), "cross_province"),
    ],
)
def test_the_distance_of_two_schools_is_the_same_both_ways(session, one, other, expected):
    here, there = a_school(session, *one), a_school(session, *other)
    assert distance(session, here, there) == distance(session, there, here) == expected


def test_a_transfer_has_the_seats_that_exist(session):
    receiving, releasing = a_school(session, "410305", CITY), a_school(session, "419001")
    filled = transfer_seats(session, receiving, releasing, TODAY)
    assert filled == {
        "转入学校": receiving.id,
        "转入市级": bureau(session, "410300").id,
        "转入省级": bureau(session, "410000").id,
        "转出学校": releasing.id,
        "转出县级": bureau(session, "419001").id,
        "转出省级": bureau(session, "410000").id,
    }


def test_both_sides_of_one_county_sit_in_the_same_bureaus(session):
    filled = transfer_seats(session, a_school(session, "410323"), a_school(session, "410323"), TODAY)
    for level in ("县级", "市级", "省级"):
        assert filled[f"转入{level}"] == filled[f"转出{level}"]


@pytest.fixture
def schools(session):
    named = {
        "第一高级中学": a_school(session, "410323", stage=Stage.SENIOR_HIGH, name="第一高级中学"),
        "新安一中": a_school(session, "410323", name="新安一中"),
        "洛阳一中": a_school(session, "410300", CITY, name="洛阳一中"),
        "厦门一中": a_school(session, "350203", name="厦门一中"),
        "一中分校": a_school(session, "410305", name="一中分校"),
        "100%外国语": a_school(session, "410323", name="100%外国语"),
    }
    session.flush()
    return named


@pytest.mark.parametrize(
    ("words", "narrowed", "found"),
    [
        ("一中", {}, ["一中分校", "厦门一中", "新安一中", "洛阳一中"]),
        (" 一中 ", {"division_code": "410000"}, ["一中分校", "新安一中", "洛阳一中"]),
        ("一中", {"division_code": "410300"}, ["一中分校", "新安一中", "洛阳一中"]),
        ("一中", {"division_code": "410323"}, ["新安一中"]),
        ("", {"division_code": "410323", "stage": Stage.SENIOR_HIGH}, ["第一高级中学"]),
        ("%", {}, ["100%外国语"]),
        ("一中", {"division_code": "990101"}, []),
    ],
)
def test_schools_are_found_by_a_part_of_their_name(session, schools, words, narrowed, found):
    assert [school.name for school in find_schools(session, words, TODAY, **narrowed)] == found


def test_a_school_closed_or_to_come_is_not_offered(session, schools):
    schools["新安一中"].valid_to = TODAY
    schools["洛阳一中"].valid_from = date(2026, 9, 8)
    session.flush()
    assert [school.name for school in find_schools(session, "一中", TODAY)] == ["一中分校", "厦门一中"]


def test_at_most_20_schools_are_offered(session):
    for _ in range(21):
        a_school(session, "410323")
    assert len(find_schools(session, "中学", TODAY)) == 20


def test_a_side_that_is_not_served_here_has_one_seat_filled_by_its_province(session):
    session.info["settings"] = session.info["settings"].model_copy(update={"provinces": ("41",)})
    here, there = a_school(session, "410323"), a_school(session, "350203")
    filled = transfer_seats(session, here, there, BEGINS)
    assert list(filled) == ["转入学校", "转入县级", "转入市级", "转入省级", "外省"]
    assert filled["外省"] == authorities(session, there)[-1].office_id
    assert list(transfer_seats(session, there, here, BEGINS)) == [
        "外省",
        "转出学校",
        "转出县级",
        "转出市级",
        "转出省级",
    ]
