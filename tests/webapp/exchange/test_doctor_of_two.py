"""What the doctor finds where two provinces change a record together."""

import pytest

from models.enums import CaseState, Stage
from tests.webapp.case_histories import tamper
from tests.webapp.doctoring import complaints
from tests.webapp.exchange.deployments import Deployment, rounds
from tests.webapp.exchange.pupils import a_pupil, asked
from webapp.services.doctor.findings import Code

pytestmark = pytest.mark.slow

ITS_STUDENT = "id = (SELECT student_id FROM change_request WHERE id = {case})"
CORRUPTIONS = {
    "another number than the one given": (
        "others",
        f"UPDATE student SET registry_number = '99' || lpad(id::text, 8, '0') WHERE {ITS_STUDENT}",
        Code.NUMBER_DIFFERS,
    ),
    "still enrolled where the pupil left": (
        "henan",
        f"UPDATE student SET state = 'enrolled' WHERE {ITS_STUDENT}",
        Code.RECORD_DIFFERS,
    ),
    "a message that no entry knows": (
        "others",
        "UPDATE exchange_message SET message_id = gen_random_uuid()"
        " WHERE change_request_id = {case} AND direction = 'in' AND kind = 'decided'",
        Code.MESSAGE_WITHOUT_EFFECT,
    ),
    "a link to another business": (
        "others",
        "UPDATE outside_case SET reference = gen_random_uuid() WHERE change_request_id = {case}",
        Code.MESSAGE_ASTRAY,
    ),
}


@pytest.fixture
def transferred(henan: Deployment, others: Deployment) -> dict[str, Deployment]:
    """A vocational pupil of Henan who is in Fujian by now, where he has got another number."""
    stage = Stage.VOCATIONAL
    asked(others, a_pupil(others, henan, to="350203", of="410325", stage=stage, grade=2))
    rounds(others, henan)
    for _ in range(4):
        for one, another in ((others, henan), (henan, others)):
            one.approve_all()
            rounds(one, another)
    assert {others.case().state, henan.case().state} == {CaseState.COMPLETED}
    return {"henan": henan, "others": others}


@pytest.mark.parametrize(("side", "statement", "code"), CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_what_no_longer_fits_after_a_transfer_between_provinces_is_found(
    transferred: dict[str, Deployment], side: str, statement: str, code: Code
) -> None:
    deployment = transferred[side]
    case = deployment.case()
    assert complaints(deployment.session, case) == []
    url = deployment.settings.database_url
    assert url is not None
    tamper(url, statement.format(case=case.id))
    assert {finding.code for finding in complaints(deployment.session, case)} == {code}
    deployment.session.rollback()
