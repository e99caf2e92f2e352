"""Two provinces that are each other's other province (外省), the people in them, and the road between them."""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import Office
from models.enums import Role
from tests.journeys.deployed import Province
from tests.journeys.pupils import BAOHE, TAN, TANG
from tests.served import served
from webapp import clock
from webapp.config import DEMO_BEGINS, Settings
from webapp.database import sqlalchemy_url
from webapp.services.demo import makers
from webapp.services.demo.plan import PASSWORD, TERMS
from webapp.services.people.accounts import HASHER
from webapp.setting_values import Partner

HENAN, ANHUI = "41", "34"
KEY = bytes(range(32))
SONG = "嵩县演示小学"
SCHOOLS = {HENAN: ("410325", SONG, "2141000003"), ANHUI: ("340111", BAOHE, "2134000001")}
OFFICERS = {
    HENAN: (
        ("song-registrar", "苗秀英", SONG, Role.REGISTRAR),
        ("song-lead", "崔国庆", SONG, Role.LEAD),
        ("song-county", "石海燕", "嵩县教育局", Role.HANDLER),
    ),
    ANHUI: (
        ("baohe-registrar", "章丽华", BAOHE, Role.REGISTRAR),
        ("baohe-lead", "方建平", BAOHE, Role.LEAD),
        ("baohe-county", "程晓红", "合肥市包河区教育局", Role.HANDLER),
    ),
}
# Their accounts have no part in anything in Henan yet.
PARENTS = {"tang-parent": "唐桂兰", "tan-parent": "谭秀梅", "xu-parent": "许春燕"}


class Road:
    """The way of messages to a web server; what happens once one was taken there makes its answer get lost."""

    def __init__(self) -> None:
        self.to = ""
        self.once_taken: list[Callable[[], None]] = []

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        names = [name for name in environ if name.startswith("HTTP_WEBHOOK_")]
        headers = {name.removeprefix("HTTP_").replace("_", "-"): environ[name] for name in names}
        try:
            answer = httpx.post(
                self.to + environ["PATH_INFO"], content=body, headers=headers, trust_env=False
            )
        except httpx.ConnectError:
            answer = httpx.Response(502)
        if self.once_taken:
            self.once_taken.pop()()
            answer = httpx.Response(502)
        start_response(f"{answer.status_code} {answer.reason_phrase}", [])
        return [answer.content]


@dataclass(frozen=True)
class TwoProvinces:
    """Henan, where children arrive, and Anhui, from where they come; what Henan sends goes by the road."""

    henan: Province
    anhui: Province
    road: Road


@contextmanager
def two_provinces(
    new_database: Callable[[], str], settings_of: Mapping[str, Settings]
) -> Iterator[TwoProvinces]:
    """Run both within the block, with settings by code that have keys and folders of their own."""
    road, (here, there) = Road(), (a_free_port(), a_free_port())
    road.to = f"http://127.0.0.1:{there}"
    with served(road) as way:
        henan = _province(HENAN, new_database("seeded"), settings_of[HENAN], here, {ANHUI: way})
        anhui = _province(
            ANHUI, new_database("seeded"), settings_of[ANHUI], there, {HENAN: f"http://127.0.0.1:{here}"}
        )
        try:
            for each in (henan, anhui):
                each.start()
            yield TwoProvinces(henan, anhui, road)
        finally:
            for each in (henan, anhui):
                each.kill()
                each.engine.dispose()


def _province(code: str, url: str, settings: Settings, port: int, partners: Mapping[str, str]) -> Province:
    told = {
        "database_url": url,
        "port": port,
        "web_processes": 1,
        "provinces": (code,),
        "partners": {other: Partner(f"{way}/exchange", KEY) for other, way in partners.items()},
        "now": DEMO_BEGINS,
        "now_since": clock.machine_now(),
    }
    settings = settings.model_copy(update=told)
    province = Province(f"http://127.0.0.1:{port}", create_engine(sqlalchemy_url(url)), settings)
    with clock.freeze(DEMO_BEGINS), province.session() as session:
        _furnish(session, code)
        session.commit()
    return province


def _furnish(session: Session, code: str) -> None:
    for opens_on, closes_on in TERMS:
        makers.a_term(session, opens_on, closes_on)
    division, name, school_code = SCHOOLS[code]
    school = makers.a_school(session, division, name=name, school_code=school_code)
    password_hash = HASHER.hash(PASSWORD)  # once: it is slow on purpose
    for login, name, where, role in OFFICERS[code]:
        office = session.scalars(select(Office).where(Office.name == where)).one()
        account = makers.an_account(session, name, login, password_hash)
        makers.an_officer(session, office, role, account=account)
    if code == HENAN:
        for login, name in PARENTS.items():
            makers.an_account(session, name, login, password_hash)
    else:
        for pupil in (TANG, TAN):
            makers.a_student(
                session,
                school,
                grade=pupil.grade,
                entered=pupil.entered,
                name=pupil.name,
                number=pupil.number,
                identity=pupil.identity,
                birth_date=pupil.born,
            )


def a_free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
