"""The country as an installation begins with it: every division and its bureau."""

from collections import Counter

import pytest
from sqlalchemy import func, select, text

from models import Division, Office
from models.enums import OfficeKind
from tests.webapp.sessions import a_session
from webapp.services.offices.bureaus import load_divisions_and_bureaus

pytestmark = pytest.mark.slow

# Where each row lies, and who last wrote or locked it.
PLACES_OF_ROWS = text(
    "SELECT 'division', ctid::text, xmax::text FROM division UNION ALL"
    " SELECT 'office', ctid::text, xmax::text FROM office"
)


@pytest.fixture(scope="module")
def session(database_url):
    """A session in which the country is loaded, of which nothing stays."""
    with a_session(database_url) as session:
        load_divisions_and_bureaus(session)
        yield session


def bureau(session, division_code):
    return session.scalars(
        select(Office).filter_by(division_code=division_code, kind=OfficeKind.BUREAU)
    ).one()


def test_every_division_has_one_bureau_under_that_of_its_superior(session):
    rows = session.execute(
        select(Division.level, Office.level, func.cardinality(Office.path), func.count())
        .join(Office, Office.division_code == Division.code)
        .where(Office.kind == OfficeKind.BUREAU)
        .group_by(Division.level, Office.level, func.cardinality(Office.path))
    )
    assert set(map(tuple, rows)) == {
        ("province", "province", 1, 31),
        ("city", "city", 2, 333),
        ("county", "county", 2, 85 + 32),  # of the municipalities, and governed by their provinces
        ("county", "county", 3, 2728),
    }


def test_every_city_has_an_exam_office_under_its_bureau(session):
    offices = session.scalars(select(Office).where(Office.kind == OfficeKind.EXAM_OFFICE)).all()
    assert len(offices) == 333
    luoyang = next(office for office in offices if office.division_code == "410300")
    assert (luoyang.name, luoyang.superior_id) == ("洛阳市招生考试院", bureau(session, "410300").id)
    assert luoyang.path == [*bureau(session, "410300").path, luoyang.id]


def test_loading_the_country_again_writes_nothing(new_database):
    with a_session(new_database()) as session:
        load_divisions_and_bureaus(session)
        session.commit()
        before = session.execute(PLACES_OF_ROWS).all()
        load_divisions_and_bureaus(session)
        assert session.execute(PLACES_OF_ROWS).all() == before


def test_a_division_made_since_gets_its_bureau_and_a_renamed_one_its_name(session):
    bureau_of_xinan = bureau(session, "410323")
    session.delete(bureau_of_xinan)
    session.get_one(Division, "410305").name = "旧名区"
    session.flush()
    load_divisions_and_bureaus(session)
    session.expire_all()
    assert session.get_one(Division, "410305").name == "涧西区"
    assert bureau(session, "410323").superior_id == bureau(session, "410300").id


@pytest.mark.parametrize(
    ("division_code", "name"),
    [
        ("110000", "北京市教育委员会"),
        ("410000", "河南省教育厅"),
        ("150000", "内蒙古自治区教育厅"),
        ("410300", "洛阳市教育局"),
        ("410323", "新安县教育局"),
        ("410305", "洛阳市涧西区教育局"),  # another city has a district of that name, too
        ("110105", "北京市朝阳区教育局"),
        ("429021", "神农架林区教育局"),
    ],
)
def test_a_bureau_is_called_as_its_seal_says(session, division_code, name):
    assert bureau(session, division_code).name == name


def test_no_two_bureaus_share_a_name(session):
    names = session.scalars(select(Office.name).where(Office.kind == OfficeKind.BUREAU))
    assert [name for name, times in Counter(names).items() if times > 1] == []
