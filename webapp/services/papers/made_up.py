"""Made-up papers for made-up cases: a page that says that it is one."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import PaperKind
from webapp.policy import Person
from webapp.services.papers.files import add_paper

# Readers do without the table of offsets that belongs to its end.
PDF = """%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources 5 0 R>> endobj
4 0 obj <</Length {length}>> stream
{said}
endstream endobj
5 0 obj <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def upload_made_up_papers(
    session: Session, person: Person, case: ChangeRequest, kinds: Iterable[PaperKind]
) -> None:
    """Upload a made-up paper of each kind to a case; the caller commits."""
    for kind in kinds:
        said = f"BT /F 16 Tf 40 500 Td (Made-up paper of case {case.id}: {kind}) Tj ET"
        data = PDF.format(length=len(said), said=said).encode()
        add_paper(session, person, case, kind=kind, filename=f"{kind}.pdf", data=data)
