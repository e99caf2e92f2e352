"""Out of Henan to a province without a connection (转出外省): by the family's application, or on a letter."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect

from models.enums import RegistryState
from tests.journeys.crossing import in_both_languages, without_scripts
from tests.journeys.demo_site import student_of
from tests.journeys.deployed import Province
from tests.journeys.leavers import JIANG, SHEN, SONG_VOCATIONAL, open_vocational_school, settle
from tests.journeys.looks import A_DESK, A_PHONE
from tests.journeys.people import Family, Officer
from tests.journeys.pupils import Pupil
from tests.journeys.test_by_hand import LETTER, TOLD_BY, tells
from tests.journeys.two_provinces import SONG, TwoProvinces

pytestmark = pytest.mark.browser

ELSEWHERE = "要转到不由本平台办理的外省学校"
XIHU = "330106"


def test_a_vocational_pupil_is_let_go_to_a_school_that_the_family_names_and_no_page_needs_a_script(
    provinces: TwoProvinces, open_at: Callable[..., BrowserContext], small_photo: FilePayload
) -> None:
    """V8 of domain 3.1.4: the releasing side first, then the answer of the other province, then the filing."""
    henan, child = provinces.henan, JIANG.name
    open_vocational_school(henan)
    settle(henan, JIANG, "jiang-parent")
    sees_what_is_asked_of_a_school_elsewhere(Family(open_at(henan.address, **A_PHONE).new_page(), henan))
    family, officer = without_scripts(henan, open_at)
    family.signs_in("jiang-parent")
    looks_elsewhere(family, child)
    names_a_school(family, "杭州西湖演示职业学校")
    way = family.completes(small_photo, "居住证明")
    assert way == [
        f"{SONG_VOCATIONAL} 学籍管理员",
        f"{SONG_VOCATIONAL} 学籍主管领导",
        "嵩县教育局 经办人",
        "浙江省教育厅 外省对口人员",
        "河南省教育厅 审批人",
    ]
    family.submits()
    school_and_county_let_go(officer, "voc", child)
    officer.reads(child, "浙江省教育厅", "未对接：电话或函件办理")
    tells(officer, child, "通过")
    has_left(henan, JIANG)
    files(officer, "henan-province", child, "转出省级备案")
    family.page.goto("/children")
    family.reads(child, "转出")


def test_a_pupil_whom_a_letter_asks_for_is_let_go_and_his_file_is_sent(
    provinces: TwoProvinces, open_at: Callable[..., BrowserContext]
) -> None:
    """V5 of domain 3.1.4, as the releasing side sees it."""
    henan, child = provinces.henan, SHEN.name
    settle(henan, SHEN, "shen-parent")
    family = Family(open_at(henan.address, **A_PHONE).new_page(), henan)
    officer = Officer(open_at(henan.address, **A_DESK).new_page(), henan)
    family.signs_in("shen-parent")
    looks_elsewhere(family, child)
    family.reads("请向转入学校申请", "中小学跨省转学由转入学校发起")
    in_both_languages(family, "transfer-elsewhere-general")
    takes_down_a_letter_that_says_too_little_and_one_with_a_wrong_name(officer)
    phone = open_at(henan.address, **A_PHONE, java_script_enabled=False).new_page()
    takes_down_the_same_letter_twice(Officer(phone, henan, scripts=False), child)
    family.follows_up(child, "case-by-letter")
    family.reads(f"{SONG}审核中", f"来函单位：{TOLD_BY}")
    in_both_languages(family, "case-by-letter")
    school_and_county_let_go(officer, "song", child)
    tells(officer, child, "通过")
    has_left(henan, SHEN)
    files(officer, "song-registrar", child, "转出学校寄送")
    officer.page.goto(henan.case_path(child))
    officer.looks_at("case-left-by-letter")
    officer.reads("已办结")


def sees_what_is_asked_of_a_school_elsewhere(family: Family) -> None:
    """Look at the page, and at what it says of an empty form."""
    family.signs_in("jiang-parent")
    looks_elsewhere(family, JIANG.name)
    in_both_languages(family, "transfer-elsewhere")
    family.presses("保存并继续")
    family.reads("请选择学校所在地。", "请填写学校名称。")
    family.looks_at("transfer-elsewhere-refused")


def looks_elsewhere(family: Family, child: str) -> None:
    """Go from the children to the page about schools of other provinces."""
    family.page.get_by_role("region", name=child).get_by_role("link", name="申请转学").click()
    family.looks_at("transfer-school-with-elsewhere")
    family.follows(ELSEWHERE)
    expect(family.page.get_by_role("heading", level=1)).to_have_text("转到外省学校")


def names_a_school(family: Family, name: str) -> None:
    family.picks_place(XIHU)
    family.page.get_by_label("学校名称").fill(name)
    family.presses("保存并继续")
    family.reads(f"转到{name}")


def takes_down_a_letter_that_says_too_little_and_one_with_a_wrong_name(officer: Officer) -> None:
    """Find the form, which is looked at too, and read what is wrong with either letter."""
    officer.signs_in("song-registrar")
    officer.follows("外省事项")
    in_both_languages(officer, "outside-of-a-registrar")
    officer.follows("登记外省来函")
    officer.reads("以下省份已对接，其请求会自动送达：安徽省")
    in_both_languages(officer, "letter")
    officer.presses("登记并立案")
    officer.reads("请写明由哪个单位、何人来函。")
    officer.looks_at("letter-refused")
    takes_down(officer, "沈家宁")
    officer.reads("请将校验结果函复对方：2001", "2001 学生信息有误")
    officer.looks_at("letter-2001")


def takes_down_the_same_letter_twice(officer: Officer, child: str) -> None:
    officer.signs_in("song-registrar")
    for _ in ("once", "twice"):
        officer.page.goto("/outside/letters/new")
        takes_down(officer, child)
        officer.reads("来函已登记，申请编号", f"来函单位：{TOLD_BY}", LETTER)


def school_and_county_let_go(officer: Officer, school: str, child: str) -> None:
    """Let Henan's side agree, and go on to what is awaited of other provinces."""
    officer.approves(f"{school}-registrar", child, "转出学校核对")
    officer.approves(f"{school}-lead", child, "转出学校审核")
    officer.approves("song-county", child, "转出县级核办")
    officer.follows("外省事项")


def takes_down(officer: Officer, name: str) -> None:
    """Fill in the letter by which a school in Hangzhou asks for a pupil, perhaps by a wrong name."""
    for label, said in {
        "学籍号": SHEN.number,
        "学生姓名": name,
        "学校名称": "杭州西湖演示小学",
        "本学段第几年级": str(SHEN.grade),
        "来函单位及联系人": TOLD_BY,
    }.items():
        officer.page.get_by_label(label, exact=True).fill(said)
    officer.page.get_by_label("文号或表单编号").fill(LETTER)
    officer.picks_place(XIHU)
    officer.page.get_by_label("户籍或住址迁移").check()
    officer.presses("登记并立案")


def has_left(henan: Province, pupil: Pupil) -> None:
    """The pupil is transferred out, from his only school, with the number that he had."""
    assert (henan.schools(pupil.name), henan.number(pupil.name)) == ([pupil.school], pupil.number)
    with henan.session() as session:
        assert student_of(session, pupil.name).state == RegistryState.TRANSFERRED_OUT


def files(officer: Officer, login: str, child: str, step: str) -> None:
    officer.signs_in(login)
    officer.opens(child, step)
    officer.decides("确认备案")
    officer.reads("已备案")
