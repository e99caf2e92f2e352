"""Supporting papers (证明材料): sniffed, limited in size, kept in the object store under their own digest."""

import hashlib
import logging
import math
from functools import lru_cache

from obstore.store import ObjectStore, from_url
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Paper
from models.enums import PaperKind
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.context import settings_of

# The first bytes of what may be uploaded (domain 3.0.2 H5); a name or a claimed type proves nothing.
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
MEGABYTE = 1024 * 1024

log = logging.getLogger(__name__)


class PaperAltered(errors.Refusal):
    """The file of this paper is not the one that was handed in, so it is not shown. Tell the registry's administrator;
    decide nothing on this paper meanwhile.
    """

    status = 410


class PaperMissing(errors.Refusal):
    """The file of this paper cannot be found. Tell the registry's administrator; decide nothing on this paper
    meanwhile.
    """

    status = 410


def add_paper(
    session: Session, person: Person, case: ChangeRequest, *, kind: PaperKind, filename: str, data: bytes
) -> Paper:
    """Store a paper of a case and list it, replacing an earlier one of its kind; the caller commits.

    Raises PaperEmpty, PaperTooLarge or PaperOfWrongType.
    """
    media_type = _checked(data, settings_of(session).paper_max_bytes)
    digest = hashlib.sha256(data).hexdigest()
    _store(settings_of(session).object_store).put(_path(digest), data)
    now = clock.now()
    for earlier in current_papers(session, case.id):
        if earlier.kind == kind:
            earlier.replaced_at = now
    paper = Paper(
        change_request_id=case.id,
        kind=kind,
        sha256=digest,
        media_type=media_type,
        size=len(data),
        filename=filename[-200:],
        uploaded_by_id=person.account_id,
        uploaded_at=now,
    )
    session.add(paper)
    session.flush()
    return paper


def current_papers(session: Session, case_id: int) -> list[Paper]:
    """Return the papers of a case that were not replaced by later ones, in the order of their upload."""
    statement = select(Paper).where(Paper.change_request_id == case_id, Paper.replaced_at.is_(None))
    return list(session.scalars(statement.order_by(Paper.id)))


def content(session: Session, paper: Paper) -> bytes:
    """Return the bytes of a stored paper; PaperMissing, or PaperAltered if they are not those that were handed in."""
    try:
        stored = _store(settings_of(session).object_store).get(_path(paper.sha256))
    except FileNotFoundError as gone:
        log.error("The file of paper %s is not in the object store", paper.id)
        raise PaperMissing from gone
    data = bytes(stored.bytes())
    if hashlib.sha256(data).hexdigest() != paper.sha256:
        log.error("The file of paper %s is not the one whose digest is %s", paper.id, paper.sha256)
        raise PaperAltered
    return data


def stored_size(session: Session, sha256: str) -> int | None:
    """Return how many bytes the stored file of a paper has, without reading it; None if there is none."""
    try:
        return _store(settings_of(session).object_store).head(_path(sha256))["size"]
    except FileNotFoundError:
        return None


def _checked(data: bytes, most: int) -> str:
    if not data:
        raise errors.PaperEmpty
    if len(data) > most:
        size = math.ceil(len(data) / MEGABYTE * 10) / 10  # never the same as the most
        raise errors.PaperTooLarge(size=f"{size:.1f}", most=f"{most / MEGABYTE:.1f}")
    for signature, media_type in SIGNATURES.items():
        if data.startswith(signature):
            return media_type
    raise errors.PaperOfWrongType


@lru_cache
def _store(url: str) -> ObjectStore:
    return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
