"""Forms that are sent twice: by whom, where to, what; and what must be the same both times."""

import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from models import Contact, DraftOpinion, Notice, Office
from models.enums import PaperKind, RegistryState, Role, SuspensionReason
from tests.town import contents
from tests.webapp import standing_in
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import A_CLEARER_PNG, A_PNG, Road, work_off
from tests.webapp.site import Site, Visitor, said
from webapp import clock
from webapp.policy import Person
from webapp.services.cases.claims import claim
from webapp.services.cases.copies import send
from webapp.services.cases.uploads import hand_in
from webapp.services.context import settings_of
from webapp.services.demo import makers

# Look-ups are counted, looks are logged, and what one notes for oneself is written anew whenever it is saved.
OF_EACH_TIME = {"throttle", "contact", "draft_opinion"}
PROOF = "proof_of_residence"
A_YEAR = b'year = 2027\nsource = "test"\n[days_off]\n2027-01-01 = "New Year"\n2027-10-01 = "National Day"\n'


@dataclass(frozen=True)
class Sent:
    """A form that somebody fills in and sends."""

    person: Person
    path: str
    said: Callable[[], Mapping[str, object]] = dict


Scene = Callable[[Road], Sent]


def done_once(site: Site, sent: Sent) -> None:
    """Send a form twice with the same token: nothing is done again, and the answer is the same good news."""
    visitor, token = site.visitor(sent.person), secrets.token_hex()
    before = state_of(site)
    first = answer_of(visitor, sent, token)
    after = state_of(site)
    assert answer_of(visitor, sent, token) == first
    assert state_of(site) == after
    assert before != after


def answer_of(visitor: Visitor, sent: Sent, token: str) -> tuple[int, str | None, object]:
    """The status, where it leads to, and the news of it."""
    answer = visitor.post(sent.path, once=token, **sent.said())
    assert answer.status_code == 303, said(answer)
    with visitor.client.session_transaction() as cookie:
        return answer.status_code, answer.location, cookie.pop("_flashes", None)


def state_of(site: Site) -> dict[str, object]:
    """All that is in the database, but for what is counted each time."""
    found: dict[str, object] = {
        name: rows for name, rows in contents(site.session).items() if name not in OF_EACH_TIME
    }
    contacts = len(site.session.scalars(select(Contact)).all())
    noted = select(DraftOpinion.text, DraftOpinion.items, DraftOpinion.fields, DraftOpinion.code)
    drafts = site.session.execute(noted.order_by(DraftOpinion.task_id, DraftOpinion.account_id)).all()
    return found | {"contacts": contacts, "drafts": drafts}


def registrar_of(road: Road) -> Person:
    return road.officers[road.receiving.id, Role.REGISTRAR]


def present_registrar_of(road: Road) -> Person:
    """Of the school that the child attends."""
    registrar = makers.an_officer(road.session, road.releasing, Role.REGISTRAR)
    road.session.commit()
    return registrar


def colleague_of(road: Road) -> Person:
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    road.session.commit()
    return colleague


def a_paper(data: bytes = A_PNG, kind: str = PROOF) -> Mapping[str, object]:
    return {"kind": kind, "file": (io.BytesIO(data), "image.png")}


def on_draft(path: str, said: Callable[[], Mapping[str, object]] = dict) -> Scene:
    """A form of the family's draft."""

    def scene(road: Road) -> Sent:
        draft = road.draft()
        address = path.format(draft=draft.id, school=road.receiving.id)
        return Sent(road.guardian, f"/children/{road.student.id}/transfer/{address}", said)

    return scene


def by_family(path: str, **said: object) -> Scene:
    """A form of the case as its family sees it."""
    return lambda road: Sent(road.guardian, f"/cases/{road.applied().id}/{path}", lambda: said)


def by_registrar(path: str, **said: object) -> Scene:
    """A form of the case as the receiving registrar sees it."""
    return lambda road: Sent(registrar_of(road), f"/cases/{road.applied().id}/{path}", lambda: said)


def on_task(path: str, **said: object) -> Scene:
    """A form of the first task, on the case as it is."""

    def scene(road: Road) -> Sent:
        colleague_of(road)
        task = road.open_task(road.applied())
        facts = {"version": task.change_request.version, **said}
        return Sent(registrar_of(road), f"/tasks/{task.id}/{path}", lambda: facts)

    return scene


def returned(road: Road) -> int:
    """A case that waits for another proof of residence."""
    case = road.applied()
    road.send_back(case)
    return case.id


def mending(road: Road) -> Sent:
    return Sent(road.guardian, f"/cases/{returned(road)}/papers", lambda: a_paper(A_CLEARER_PNG))


def handing_in_again(road: Road) -> Sent:
    case_id = returned(road)
    facts = {"kind": PaperKind.PROOF_OF_RESIDENCE, "filename": "clear.png", "data": A_CLEARER_PNG}
    hand_in(road.session, road.guardian, case_id, **facts)
    return Sent(road.guardian, f"/cases/{case_id}/resubmit")


def beginning(road: Road) -> Sent:
    student = makers.a_student(
        road.session, road.releasing, entered=date(2024, 9, 1), number=a_registry_number()
    )
    road.session.commit()
    typed = {"number": student.registry_number, "name": student.name, "reason": "household_move"}
    return Sent(registrar_of(road), "/transfers/new", lambda: {**typed, "school_id": road.receiving.id})


def recalling(road: Road) -> Sent:
    case = road.applied()
    task = road.open_task(case)
    road.approve(case)
    version = case.version
    return Sent(registrar_of(road), f"/tasks/{task.id}/recall", lambda: {"version": version})


def releasing(road: Road) -> Sent:
    task = road.open_task(road.applied())
    claim(road.session, registrar_of(road), task.id)
    return Sent(registrar_of(road), f"/tasks/{task.id}/release")


def handing_over(road: Road) -> Sent:
    colleague = colleague_of(road).account_id
    task = road.open_task(road.applied())
    return Sent(registrar_of(road), f"/tasks/{task.id}/hand-over", lambda: {"colleague": colleague})


def copying(road: Road) -> Sent:
    lead = road.officers[road.receiving.id, Role.LEAD].account_id
    case_id = road.applied().id
    return Sent(registrar_of(road), f"/cases/{case_id}/copies", lambda: {"to": [lead], "word": "请知悉"})


def acknowledging(road: Road) -> Sent:
    case_id, lead = road.applied().id, road.officers[road.receiving.id, Role.LEAD]
    send(road.session, registrar_of(road), case_id, to=[lead.account_id])
    return Sent(lead, f"/cases/{case_id}/copies/read")


def terminating(road: Road) -> Sent:
    bureau = road.session.get_one(Office, road.receiving.superior_id)
    lead = makers.an_officer(road.session, bureau, Role.LEAD)
    return Sent(lead, f"/cases/{road.applied().id}/terminate", lambda: {"reason": "毕业清理"})


def reading_notices(road: Road) -> Sent:
    road.applied()
    work_off(road.session)
    newest = road.session.scalar(select(func.max(Notice.id)))
    return Sent(road.guardian, "/notices/read", lambda: {"upto": newest})


def saying_where_notices_go(road: Road) -> Sent:
    settings = settings_of(road.session)
    road.session.info["settings"] = settings.model_copy(
        update={"sms_url": "https://sms.cn", "sms_key": bytes(32)}
    )
    return Sent(road.guardian, "/account/notices", lambda: {"sms": "13800138000", "sms_wanted": "y"})


def naming_a_substitute(road: Road) -> Sent:
    today = clock.today()
    said = {
        "absent": registrar_of(road).account_id,
        "office": road.receiving.id,
        "role": "registrar",
        "substitute": colleague_of(road).account_id,
        "since": today.isoformat(),
        "until": (today + timedelta(days=3)).isoformat(),
    }
    return Sent(registrar_of(road), "/account/substitutes", lambda: said)


def ending_a_substitute(road: Road) -> Sent:
    me = registrar_of(road)
    made = standing_in.name(road.session, me, colleague_of(road), days=3)
    return Sent(me, f"/account/substitutes/{made.id}/end")


def loading_a_year(road: Road) -> Sent:
    province = road.session.get_one(Office, road.receiving.path[0])
    administrator = makers.an_officer(road.session, province, Role.ADMINISTRATOR)
    return Sent(administrator, "/admin/calendar", lambda: {"file": (io.BytesIO(A_YEAR), "2027.toml")})


def suspending(road: Road) -> Sent:
    """The details of a suspension."""
    said = {"reason": "illness", "hospital": "county", "starts_on": "2025-09-15", "ends_on": "2026-03-14"}
    return Sent(road.guardian, f"/children/{road.student.id}/suspension", lambda: said)


def telling_a_family(road: Road) -> Sent:
    """The child is suspended, and the family is told to bring it back."""
    road.student.state = RegistryState.SUSPENDED
    makers.a_spell(road.session, road.student, SuspensionReason.ILLNESS, date(2024, 9, 15), date(2025, 9, 14))
    said = {"told_on": clock.today().isoformat(), "how": "signed"}
    return Sent(present_registrar_of(road), f"/students/{road.student.id}/told", lambda: said)


def keeping_a_semester(road: Road) -> Sent:
    said = {"truant_hours": "12", "conduct": "good", "passed": "yes"}
    return Sent(present_registrar_of(road), f"/students/{road.student.id}/semester", lambda: said)


def editing(road: Road) -> Sent:
    said = {"field": "phone", "to": "13800138000"}
    return Sent(present_registrar_of(road), f"/students/{road.student.id}/edit", lambda: said)


def dismissing(road: Road) -> Sent:
    proposal = makers.a_proposal(road.session, road.student, road.releasing, "truancy")
    said = {"note": "已经回校"}
    return Sent(present_registrar_of(road), f"/students/proposals/{proposal.id}/dismiss", lambda: said)


SCENES: Mapping[str, Scene] = {
    "transfers.details": on_draft("to/{school}", lambda: {"grade": "2", "reason": "household_move"}),
    "changes.details": suspending,
    "changes.papers": on_draft("papers", a_paper),
    "changes.submit": on_draft("submit/{draft}"),
    "changes.discard": on_draft("discard/{draft}"),
    "entry.begin": beginning,
    "students.tell": telling_a_family,
    "students.semester": keeping_a_semester,
    "students.dismiss": dismissing,
    "students.edit": editing,
    "cases.mend": mending,
    "cases.resubmit": handing_in_again,
    "cases.withdraw": by_family("withdraw", confirmed="y"),
    "cases.urge": by_family("urge"),
    "cases.comment": by_registrar("comments", text="请核对住址"),
    "cases.copy": copying,
    "cases.acknowledge": acknowledging,
    "cases.revoke": by_registrar("revoke", reason="家庭不再转学"),
    "cases.terminate": terminating,
    "tasks.decide": on_task("decide", outcome="approve", opinion="材料齐全"),
    "tasks.send_back": on_task("return", items=PROOF, opinion="看不清"),
    "tasks.save": on_task("opinion", opinion="待核实住址", items=PROOF),
    "tasks.recall": recalling,
    "tasks.claim": on_task("claim"),
    "tasks.release": releasing,
    "tasks.hand_over": handing_over,
    "notices.read": reading_notices,
    "account.notices": saying_where_notices_go,
    "substitutes.name": naming_a_substitute,
    "substitutes.end": ending_a_substitute,
    "admin.load": loading_a_year,
}
