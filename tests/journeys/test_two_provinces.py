"""A child moves between two provinces, each with its own people, processes and database."""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import BrowserContext, FilePayload

from models import CaseEvent, ExchangeMessage, Notice, Task
from models.enums import EventKind, MessageKind, RegistryState, TaskState
from tests.journeys.crossing import applies, in_both_languages, school_and_county_approve
from tests.journeys.demo_site import student_of
from tests.journeys.deployed import Province, until
from tests.journeys.looks import A_DESK, A_PHONE
from tests.journeys.people import Family, Officer
from tests.journeys.pupils import BAOHE, TAN, TANG
from tests.journeys.two_provinces import SONG, TwoProvinces
from webapp import clock

pytestmark = pytest.mark.browser

OPENED, DECIDED, COMPLETED = EventKind.OPENED, EventKind.DECIDED, EventKind.COMPLETED


@pytest.fixture
def family(provinces: TwoProvinces, open_at: Callable[..., BrowserContext]) -> Family:
    """A guardian in Henan, at a phone."""
    return Family(open_at(provinces.henan.address, **A_PHONE).new_page(), provinces.henan)


@pytest.fixture
def here(provinces: TwoProvinces, open_at: Callable[..., BrowserContext]) -> Officer:
    """An officer in Henan."""
    return Officer(open_at(provinces.henan.address, **A_DESK).new_page(), provinces.henan)


@pytest.fixture
def there(provinces: TwoProvinces, open_at: Callable[..., BrowserContext]) -> Officer:
    """An officer in Anhui."""
    return Officer(open_at(provinces.anhui.address, **A_DESK).new_page(), provinces.anhui)


def test_a_child_moves_although_the_other_province_is_killed_when_it_has_just_been_asked(
    provinces: TwoProvinces, family: Family, here: Officer, there: Officer, small_photo: FilePayload
) -> None:
    henan, anhui, child = provinces.henan, provinces.anhui, TANG.name
    family.signs_in("tang-parent")
    in_both_languages(family, "nobody-yet")
    family.enters(TANG)
    applies(family, child, small_photo)
    asks_a_province_that_is_killed_when_it_has_just_been_asked(here, provinces, child)
    sees_it_asked_once_it_runs_again(here, provinces, child)
    follows_the_case_to_the_other_province(family, child)
    school_and_county_let_go(there, child)
    until(lambda: henan.waits_for(child) == ["file_pull"])
    assert (henan.schools(child), state_of(anhui, child)) == ([BAOHE], RegistryState.ENROLLED)
    here.approves("song-registrar", child, "转入学校调档")
    until(lambda: state_of(anhui, child) == RegistryState.TRANSFERRED_OUT)
    until(lambda: all_heard(henan, child))

    assert (henan.schools(child), anhui.schools(child)) == ([BAOHE, SONG], [BAOHE])
    assert has_identity_number(henan, child)
    nothing_is_lost_and_nothing_doubled(henan, anhui, child)
    # Handed in, each step, and the end; of the last step, that the child is there, which the school files, nothing.
    assert len(family.notices()) == 1 + (len(steps(henan, child)) - 1) + 1
    assert henan.audit() == anhui.audit() == "The audit trail is whole.\n"


def test_a_family_corrects_in_place_the_name_that_the_other_province_does_not_know(
    provinces: TwoProvinces, family: Family, here: Officer, small_photo: FilePayload
) -> None:
    henan, anhui, wrong = provinces.henan, provinces.anhui, "谭依林"
    family.signs_in("tan-parent")
    family.enters(TAN, wrong)
    applies(family, wrong, small_photo)
    school_and_county_approve(here, wrong)
    until(lambda: [event.kind for event in henan.rows(CaseEvent, wrong)][-1] == EventKind.RETURNED)
    family.follows_up(wrong, "case-2001")
    family.reads("2001", "学生信息有误", "请家庭与转入学校逐字核对姓名", "全国学籍系统业务校验")
    in_both_languages(family, "case-2001")
    family.follows("更正姓名和学籍号")
    in_both_languages(family, "pupil")
    family.page.get_by_label("学生姓名").fill("谭 依琳")
    family.presses("保存并重新提交")
    family.reads("中间不要有空格")
    family.looks_at("pupil-refused")
    family.follows_up(wrong, "case-2001")
    family.corrects(TAN.name)
    until(lambda: henan.waits_for(TAN.name) == ["outside_releasing"])
    assert said(henan, TAN.name) == ["request", "refused", "request", "validated"]
    assert anhui.asked(TAN.name) == {"baohe-registrar"}


def asks_a_province_that_is_killed_when_it_has_just_been_asked(
    officer: Officer, provinces: TwoProvinces, child: str
) -> None:
    henan = provinces.henan
    provinces.road.once_taken.append(provinces.anhui.kill)
    school_and_county_approve(officer, child)
    until(lambda: [message.error for message in sent(henan, child)] == ["502 "])
    officer.follows("外省事项")
    officer.reads(child, "全国平台校验", "安徽省教育厅", since(henan, child), "尚未送达", "已尝试")
    in_both_languages(officer, "outside-not-reached")


def sees_it_asked_once_it_runs_again(officer: Officer, provinces: TwoProvinces, child: str) -> None:
    henan, anhui = provinces.henan, provinces.anhui
    anhui.start()
    for each in (henan, anhui):  # it may have been killed while it handled the request
        each.try_at_once()
    until(lambda: henan.waits_for(child) == ["outside_releasing"] and all_heard(henan, child))
    officer.page.reload()
    officer.reads(child, "外省转出方意见", since(henan, child), "已送达")
    in_both_languages(officer, "outside-asked")


def follows_the_case_to_the_other_province(family: Family, child: str) -> None:
    family.follows_up(child, "case-outside")
    assert family.standing().startswith("安徽省教育厅审核中")
    in_both_languages(family, "case-outside")


def school_and_county_let_go(officer: Officer, child: str) -> None:
    """Let Anhui's side agree."""
    officer.approves("baohe-registrar", child, "转出学校核对")
    officer.approves("baohe-lead", child, "转出学校审核")
    officer.approves("baohe-county", child, "转出县级核办")


def nothing_is_lost_and_nothing_doubled(henan: Province, anhui: Province, child: str) -> None:
    assert said(henan, child) == ["request", "validated", "decided", "pulled"]
    assert said(anhui, child) == ["request", "validated", "decided", "pulled"]
    assert [event.kind for event in henan.rows(CaseEvent, child)] == [OPENED, *[DECIDED] * 5, COMPLETED]
    assert [event.kind for event in anhui.rows(CaseEvent, child)] == [OPENED, *[DECIDED] * 3, COMPLETED]
    assert steps(henan, child) == [
        "in_registrar",
        "in_lead",
        "receiving_authorities/in_county",
        "validation",
        "outside_releasing",
        "file_pull",
        "student_reported",
    ]
    assert steps(anhui, child) == [
        "out_registrar",
        "out_lead",
        "releasing_authorities/out_county",
        "outside_pull",
        "send_file",
    ]
    asked = len(steps(henan, child))
    assert (
        notices(henan, child) == 1 + asked + (asked - 1) + 3
    )  # of what is only to be filed the family hears nothing
    assert notices(anhui, child) == len(steps(anhui, child)) + 2


def since(province: Province, child: str) -> str:
    """Return since when another province is awaited, as a page says it."""
    [task] = [task for task in province.rows(Task, child) if task.state == TaskState.OPEN]
    return f"自 {task.opened_at.astimezone(clock.SHANGHAI):%H:%M} 起等待"


def sent(province: Province, child: str) -> Sequence[ExchangeMessage]:
    return [message for message in province.rows(ExchangeMessage, child) if message.direction == "out"]


def all_heard(province: Province, child: str) -> bool:
    return all(message.done_at for message in province.rows(ExchangeMessage, child))


def said(province: Province, child: str) -> list[MessageKind]:
    """Return what was said of a child both ways, all of which must have been heard."""
    assert all_heard(province, child)
    return [message.kind for message in province.rows(ExchangeMessage, child)]


def steps(province: Province, child: str) -> list[str]:
    """Return the steps that were opened; whatever the case waited for must have been decided."""
    tasks = province.rows(Task, child)
    assert all(task.state == TaskState.DONE for task in tasks if task.blocking)
    return [task.step for task in tasks]


def notices(province: Province, child: str) -> int:
    """Return how many notices there were; none may be there twice."""
    province.work()
    told = [
        (notice.kind, notice.task_id, notice.account_id, notice.office_id, notice.role)
        for notice in province.rows(Notice, child)
    ]
    assert len(set(told)) == len(told)
    return len(told)


def state_of(province: Province, child: str) -> RegistryState:
    with province.session() as session:
        return student_of(session, child).state


def has_identity_number(province: Province, child: str) -> bool:
    with province.session() as session:
        return student_of(session, child).identity_index is not None
