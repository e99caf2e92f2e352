"""A school sanctions a student, revokes it, and expels another after due process; the authority notes a problem."""

import pytest
from playwright.sync_api import FilePayload, expect

from models.enums import Role
from tests.journeys.demo_site import DemoSite, student_of
from tests.journeys.people import Family, Officer
from webapp.services.demo.plan import XINAN_HIGH

pytestmark = pytest.mark.browser

SANCTIONED, EXPELLED, DOUBLED = "许志强", "何子豪", "吕晓雯"


def page_of(site: DemoSite, child: str, kind: str) -> str:
    with site.session() as session:
        return f"/{kind}/{student_of(session, child).id}"


def test_a_sanction_is_entered_and_revoked(officer: Officer, site: DemoSite) -> None:
    site.a_family(SANCTIONED, XINAN_HIGH)
    officer.signs_in("xinan-high-registrar")
    officer.page.goto(page_of(site, SANCTIONED, "students"))
    officer.page.locator("summary").filter(has_text="登记处分").click()
    sheet = officer.page.get_by_role("region", name="处分")
    sheet.get_by_label("处分", exact=True).select_option("记过")
    sheet.get_by_label("决定日期").fill("2026-08-31")
    sheet.get_by_label("处分期至").fill("2027-08-30")
    sheet.get_by_label("处分事由").fill("考试作弊")
    officer.looks_at("sanction-entering")
    officer.presses("登记")
    officer.reads("处分已登记。", "记过", "2026-08-31 决定", "未解除")
    officer.looks_at("sanction-stands")
    officer.page.locator("summary").filter(has_text="解除").click()
    sheet.get_by_label("解除日期").fill("2026-09-05")
    sheet.get_by_label("解除理由").fill("表现良好，本人申请")
    officer.presses("解除处分")
    officer.reads("处分已解除。", "2026-09-05 解除")
    officer.looks_at("sanction-revoked")


def test_a_problem_record_is_opened_and_closed_by_the_authority(officer: Officer, site: DemoSite) -> None:
    site.a_family(DOUBLED, XINAN_HIGH)
    officer.signs_in("xinan-county")
    officer.page.goto(page_of(site, DOUBLED, "problems"))
    officer.looks_at("problem-none")
    officer.page.get_by_role("radio", name="身份证件号重复").check()
    officer.page.get_by_label("发现的情况").fill("与嵩县一名学生身份证件号相同")
    officer.presses("列为问题学籍")
    officer.reads("已登记。", "未处理", "与嵩县一名学生身份证件号相同")
    officer.looks_at("problem-open")
    officer.follows("问题学籍")
    officer.reads(DOUBLED)
    officer.looks_at("problems")
    officer.page.get_by_role("region", name=DOUBLED).get_by_role("link", name="查看学生").click()
    officer.page.get_by_label("处理结果").fill("对方学校已更正")
    officer.presses("处理完毕")
    officer.reads("处理结果：对方学校已更正")


def test_an_expulsion_goes_through_three_people_of_the_school_and_the_authority(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    parent = site.a_family(EXPELLED, XINAN_HIGH)
    principal = site.colleague_of("xinan-high-lead", Role.PRINCIPAL)
    family.signs_in(parent)
    family.reads("申请转学")
    assert family.page.get_by_role("link", name="办理开除学籍").count() == 0
    officer.signs_in("xinan-high-registrar")
    officer.page.goto(page_of(site, EXPELLED, "students"))
    officer.follows("办理开除学籍")
    for label, said in {
        "违纪事实和所依据的校规": "多次殴打同学，依据校规第二十条",
        "听取学生和监护人陈述申辩的日期": "2026-07-01",
        "决定日期": "2026-07-03",
        "处分决定送达日期": "2026-07-06",
    }.items():
        officer.page.get_by_label(label).fill(said)
    officer.page.get_by_role("radio", name="当面谈话").check()
    officer.page.get_by_role("radio", name="当面签收").check()
    officer.page.get_by_role("radio", name="未申诉").check()
    officer.page.get_by_role("checkbox", name="已告知学生和家长可以申诉").check()
    officer.looks_at("expulsion-details")
    officer.presses("保存并继续")
    for paper in ("处分决定书", "谈话或陈述申辩记录", "送达凭证", "监护人到场证明"):
        form = officer.page.locator("form.upload").filter(has_text=paper)
        form.get_by_label(paper).set_input_files(photo)
        form.get_by_role("button", name="上传").click()
        expect(officer.page.get_by_role("img", name=paper).first).to_be_visible()
    officer.follows("下一步：核对")
    officer.reads("听取未成年学生陈述申辩时，监护人应当到场")
    officer.looks_at("expulsion-barred")
    officer.page.get_by_role("region", name=EXPELLED).get_by_role("link", name="修改").click()
    officer.page.get_by_role("checkbox", name="监护人到场").check()
    officer.presses("保存并继续")
    officer.follows("下一步：核对")
    officer.looks_at("expulsion-check")
    officer.presses("提交申请")
    officer.reads("申请已提交，编号 KC-")
    officer.approves("xinan-high-registrar", EXPELLED, "学校核对")
    officer.approves("xinan-high-lead", EXPELLED, "学校审核")
    officer.signs_in(principal)
    officer.opens(EXPELLED, "校长批准")
    officer.decides("通过", "程序合法，同意")
    officer.reads("已通过")
    officer.approves("xinan-county", EXPELLED, "县级核办")
    assert site.state(EXPELLED) == "expelled"
    family.signs_in(parent)
    assert family.notices()[0] == f"{EXPELLED}的开除学籍申请已办结，学籍已变更"
