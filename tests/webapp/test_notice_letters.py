"""What a notice says outside of the pages: in both languages, short, and without a child's full name."""

from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from sqlalchemy import update

from models import Account, Notice, Office
from models.enums import NoticeKind, Outcome, Role
from tests.webapp.posted import PAGES, family_of, mail_of, reached
from tests.webapp.road import work_off
from webapp.i18n import speaking
from webapp.notice_letters import ONE_SMS, named_in_public, sms_said, units
from webapp.services.notices.letters import Letter, RefusedError
from webapp.services.notices.mail import as_email

pytestmark = pytest.mark.slow


@pytest.fixture
def mail(session):
    with mail_of(session) as server:
        yield server


def speaks(road, person, locale):
    road.session.execute(update(Account).where(Account.id == person.account_id).values(locale=locale))
    road.session.commit()


def parts(mail):
    return [mail.message.get_body([kind]).get_content() for kind in ("plain", "html")]


@pytest.mark.parametrize(
    ("locale", "subject", "said"),
    [
        (None, "转学申请有新进展", ("林**的转学申请已提交", "设置通知方式")),
        ("zh_Hans_CN", "转学申请有新进展", ("林**的转学申请已提交", "设置通知方式")),
        (
            "en",
            "News of a transfer application",
            ("林**'s transfer application is submitted", "Choose which notices you get"),
        ),
    ],
)
def test_an_email_is_in_its_readers_language_or_the_sites(mail, road, locale, subject, said):
    road.student.name = "林小禾"
    family_of(road)
    speaks(road, road.guardian, locale)
    case = road.applied()
    work_off(road.session)
    first = next(mail for mail in mail.mails if mail.message["Subject"] == subject)
    plain, html = parts(first)
    for part in (plain, html.replace("&#39;", "'")):
        assert [
            words for words in (*said, case.number, f"{PAGES}/cases/{case.id}") if words not in part
        ] == []
        assert "小禾" not in part
    assert f'lang="{(locale or "zh_Hans_CN").replace("_", "-")}"' in html


def test_an_email_says_who_sent_it_and_how_to_end_it(mail, road):
    family_of(road)
    road.applied()
    work_off(road.session)
    message = mail.mails[0].message
    assert (message["From"], message["To"]) == ("xueji@example.cn", "family@example.org")
    assert message["List-Unsubscribe"] == f"<{PAGES}/account>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_whoever_has_to_act_reads_so_in_the_subject(mail, road, session):
    family_of(road)
    reached(session, road.officers[road.receiving.id, Role.REGISTRAR], "registrar@example.org")
    road.send_back(road.applied())
    work_off(session)
    told = {(mail.receiver.partition("@")[0], mail.message["Subject"]) for mail in mail.mails}
    assert told == {
        ("family", "转学申请有新进展"),
        ("family", "请办理转学申请"),
        ("registrar", "请办理转学申请"),
    }


HOSTILE = "王\r\nBcc: thief@example.org\r\n\r\n<script>alert(1)</script>"


def test_no_name_adds_a_header_or_markup(mail, road, session):
    road.student.name = HOSTILE
    session.execute(update(Office).where(Office.id == road.receiving.id).values(name=HOSTILE))
    family_of(road)
    road.applied()
    work_off(session)
    assert {mail.receiver for mail in mail.mails} == {"family@example.org"}
    for one in mail.mails:
        assert one.message["Bcc"] is None
        assert "<script>" not in parts(one)[1]


def test_an_address_with_a_line_end_is_refused():
    letter = Letter(UUID(int=1), "a@example.org\r\nBcc: thief@example.org", "text", "subject", "html")
    with pytest.raises(RefusedError, match="no e-mail address"):
        as_email(letter, "xueji@example.cn", PAGES)


def test_a_subject_with_a_line_end_is_one_header_all_the_same():
    letter = Letter(UUID(int=1), "a@example.org", "text", "News\r\nBcc: thief@example.org", "html")
    written = as_email(letter, "xueji@example.cn", PAGES)
    assert message_from_bytes(written, policy=default)["Bcc"] is None


@pytest.mark.parametrize(
    ("name", "public"),
    [("林小禾", "林**"), ("王芳", "王*"), ("欧阳修远", "欧**"), ("阿卜杜拉·买买提", "阿**"), ("李", "李*")],
)
def test_outside_a_child_is_named_by_its_first_character(name, public):
    assert named_in_public(name) == public


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
@pytest.mark.parametrize(
    "school", ["一小", "内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇中心学校附属实验小学东校区第二教学点"]
)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_fits_into_one_text_message(road, session, locale, school, kind):
    road.student.name, road.receiving.name = "欧阳修远", school
    case = road.applied()
    task = road.open_task(case)
    task.outcome = Outcome.REJECT
    session.flush()
    notice = Notice(kind=kind, change_request=case, task_id=task.id, account_id=road.guardian.account_id)
    with session.no_autoflush, speaking(locale):
        said = sms_said(notice)
    session.rollback()
    assert units(said) <= ONE_SMS
    assert "欧**" in said
    assert "修远" not in said
    assert said.startswith("[Student registry] " if locale == "en" else "【学籍管理】")


def test_a_rare_character_counts_twice_in_a_text_message():
    assert (units("吉"), units("𠮷")) == (1, 2)
