"""A family at its phone and an officer at a desk: what they do there, and what they read."""

import re
from collections.abc import Mapping

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import look_at
from tests.journeys.pupils import Pupil
from webapp.policy import Person
from webapp.services.demo.plan import PASSWORD


class Visitor:
    """Somebody at a browser; each kind of page that anybody opens is looked at, if the browser runs scripts."""

    def __init__(self, page: Page, site: DemoSite, *, scripts: bool = True) -> None:
        self.page, self.site, self.scripts = page, site, scripts

    def signs_in(self, login: str) -> None:
        """Sign in as somebody, in a browser that has forgotten who used it before."""
        self.page.goto("about:blank")  # what the last page still asks for would bring cookies again
        self.page.context.clear_cookies()
        self.page.goto("/sign-in")
        self.page.get_by_label("账号").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.presses("登录")
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()

    def signs_out(self) -> None:
        self.presses("退出")
        self.reads("您已退出登录")

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follows(self, name: str) -> None:
        """Follow a link, until the page that it leads to is there: what is looked at next is that page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).click()

    def reads(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_role("main")).to_contain_text(each)

    def picks_place(self, division: str) -> None:
        """Choose the province of a school elsewhere, then its city or county; without script a button shows these."""
        self.page.get_by_label("学校所在省份").select_option(f"{division[:2]}0000")
        if not self.scripts:
            self.presses("列出市、县")
        self.page.get_by_label("学校所在市、县").select_option(division)

    def looks_at(self, picture: str) -> None:
        """Look at a page, unless somebody has already looked at this picture of it."""
        if self.scripts and picture not in self.site.looked_at:
            look_at(self.page, picture)
            self.site.looked_at.add(picture)

    def notices(self) -> list[str]:
        """Return what the notices say, the newest first, once the worker has written them."""
        self.site.work()
        self.page.goto("/notices")
        self.looks_at("notices")
        return self.page.locator(".rows strong").all_inner_texts()


class Family(Visitor):
    """A guardian."""

    def chooses(self, child: str, school: str, province: str = "") -> None:
        """Begin an application for a child, and find a school by its name, perhaps in another province."""
        self.reads("我的孩子")
        self.looks_at("children")
        self.page.get_by_role("region", name=child).get_by_role("link", name="申请转学").click()
        self.finds(child, school, province)

    def finds(self, child: str, school: str, province: str = "") -> None:
        """Find a school for a child by its name, in its own province if no other is named."""
        self.reads(f"{child}要转到哪所学校？")
        self.looks_at("transfer-school")
        if province:
            self.page.get_by_label("省份").select_option(province)
        self.page.get_by_label("学校名称").fill(school)
        self.presses("查找")
        self.reads(school)
        self.looks_at("transfer-school-found")
        self.follows(school)

    def enters(self, child: Pupil, name: str = "") -> None:
        """Enter a child that is at a school of another province, perhaps by a wrong name."""
        self.follows("孩子在外省学校就读")
        self.looks_at("newcomer")
        for label, said in {
            "学生姓名": name or child.name,
            "学籍号": child.number,
            "出生日期": str(child.born),
            "学校名称": child.school,
            "本学段第几年级": str(child.grade),
            "何时起在该校就读": str(child.entered),
        }.items():
            self.page.get_by_label(label, exact=True).fill(said)
        self.page.get_by_label("女").check()
        self.page.get_by_label("义务教育").check()
        self.picks_place(child.division)
        self.presses("下一步：选择转入学校")

    def corrects(self, name: str) -> None:
        """Correct a child's name that the national platform found wrong, and hand the case in again."""
        self.follows("更正姓名和学籍号")
        self.looks_at("pupil")
        self.page.get_by_label("学生姓名").fill(name)
        self.presses("保存并重新提交")
        self.reads("已更正并重新提交，将再次送平台校验。")

    def tells_why(self, reason: str, note: str) -> None:
        self.reads("转学理由")
        self.looks_at("transfer-details")
        self.page.get_by_label(reason).check()
        self.page.get_by_label("需要向学校说明的情况").fill(note)
        self.presses("保存并继续")

    def begins(self, child: str, what: str) -> None:
        """Begin an application for a child at its present school."""
        self.page.goto("/children")
        self.looks_at("children")
        self.page.get_by_role("region", name=child).get_by_role("link", name=what).click()

    def filled(self, label: str) -> str:
        """Return what is filled in already."""
        return self.page.get_by_label(label).input_value()

    def fills(self, answers: Mapping[str, str], picture: str = "") -> None:
        """Fill in details, and go on to the papers."""
        if picture:
            self.looks_at(picture)
        for label, said in answers.items():
            self.page.get_by_label(label).fill(said)
        self.presses("保存并继续")

    def hands_in(self, paper: str, photo: FilePayload) -> None:
        """Choose a photo of a paper, and send it without waiting until the phone has made it small enough."""
        form = self.page.locator("form.upload").filter(has_text=paper)
        form.get_by_label(paper).set_input_files(photo)
        form.get_by_role("button", name="上传").click()
        expect(self.page.get_by_role("img", name=paper).first).to_be_visible()

    def checks(self) -> list[str]:
        """Go on to the last page before submitting; return the offices and roles of the way that it shows."""
        self.looks_at("transfer-papers")
        self.follows("下一步：核对")
        self.reads("核对并提交")
        self.looks_at("transfer-check")
        return _lines(self.page.locator(".way .what"))

    def submits(self) -> None:
        self.presses("提交申请")
        self.reads("申请已提交，编号", "核办中")
        self.looks_at("case-submitted")

    def prepares(
        self, child: str, school: str, photo: FilePayload, *papers: str, province: str = ""
    ) -> list[str]:
        """Fill in an application up to its check; return the way that is shown there."""
        self.chooses(child, school, province)
        return self.completes(photo, *papers)

    def completes(self, photo: FilePayload, *papers: str) -> list[str]:
        """Fill in what is asked once the school is chosen; return the way that is shown in the end."""
        self.tells_why("户籍或住址迁移", "八月搬了家，新家离学校近")
        for paper in papers:
            self.hands_in(paper, photo)
        return self.checks()

    def follows_up(self, child: str, picture: str) -> None:
        """Open the page of a child's case."""
        self.page.goto(self.site.case_path(child))
        self.looks_at(picture)

    def standing(self) -> str:
        """Return where the case stands, in the one sentence under its title."""
        return self.page.locator(".standing").inner_text()

    def story(self) -> list[str]:
        """Return what happened, the newest first, each on one line."""
        return _lines(self.page.locator(".story:not(.now) > li"))


class Officer(Visitor):
    """Somebody with a role in an office."""

    def signs_in_as(self, person: Person) -> None:
        """Sign in as somebody who was made for a journey, and committed."""
        self.site.lets_in(person)
        self.signs_in(person.login)

    def row(self, child: str) -> Locator:
        """Return a child's row of the inbox."""
        return self.page.locator("[data-list] a").filter(has_text=child)

    @property
    def task(self) -> Locator:
        """The task that is open, beside the list or on a page of its own."""
        return self.page.get_by_role("article")

    def opens(self, child: str, step: str) -> None:
        """Open a child's task from the inbox."""
        expect(self.row(child)).to_contain_text(step)
        self.row(child).click()
        expect(self.task.get_by_role("heading", level=1)).to_have_text(re.compile(f"{child}.*{step}"))
        self.looks_at(f"task-{step}")

    def decides(self, button: str, opinion: str = "") -> None:
        if opinion:
            self.task.get_by_role("textbox", name="意见").fill(opinion)
        self.task.get_by_role("button", name=button, exact=True).click()

    def rejects(self, ground: str, reason: str = "") -> None:
        """Reject a case on one of the grounds that the page lists."""
        self.task.get_by_role("textbox", name="意见").fill(reason)
        panel = self.task.locator("[data-reject]")
        if panel.get_attribute("open") is None:
            panel.locator("summary").click()
        panel.get_by_label(ground).check()
        self.looks_at("task-rejecting")
        self.presses("确认不通过")

    def asks_for(self, paper: str, reason: str) -> None:
        """Return the case to its family, to hand in a paper anew."""
        self.task.get_by_role("textbox", name="意见").fill(reason)
        self.task.locator("summary").filter(has_text="退回补正").click()
        self.task.get_by_label(paper).check()
        self.looks_at("task-returning")
        self.presses("退回申请人")

    def approves(self, login: str, child: str, step: str) -> None:
        """Sign in and approve the task that only this officer was asked to decide."""
        assert self.site.asked(child) == {login}
        self.signs_in(login)
        self.opens(child, step)
        self.decides("通过", "材料齐全，同意")
        self.reads("已通过")
        expect(self.row(child).filter(has_text=step)).to_have_count(0)


def _lines(found: Locator) -> list[str]:
    return [" ".join(text.split()) for text in found.all_inner_texts()]
