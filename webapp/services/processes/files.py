"""The files of published processes, each kept once by the SHA-256 of its text, however many versions have it."""

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import ProcessFile


def keep(session: Session, texts: Mapping[str, str]) -> dict[str, str]:
    """Keep texts given by file name, those that are not kept yet; return their digests by file name."""
    digests = {name: _digest(text) for name, text in texts.items()}
    rows = {digest: {"sha256": digest, "text": texts[name]} for name, digest in digests.items()}
    session.execute(insert(ProcessFile).on_conflict_do_nothing(), [*rows.values()])
    return digests


def texts_of(session: Session, digests: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of files given by name and digest, without those that are not kept (any more)."""
    wanted = select(ProcessFile.sha256, ProcessFile.text).where(ProcessFile.sha256.in_(digests.values()))
    kept = {row.sha256: row.text for row in session.execute(wanted)}
    return {name: kept[digest] for name, digest in digests.items() if digest in kept}


def unaltered(session: Session) -> frozenset[str]:
    """Return the digests of all files whose text is the one that was kept."""
    now = func.encode(func.sha256(func.convert_to(ProcessFile.text, "UTF8")), "hex")
    return frozenset(session.scalars(select(ProcessFile.sha256).where(now == ProcessFile.sha256)))


def digest_of(texts: Mapping[str, str]) -> str:
    """Return the SHA-256 of a version with these files."""
    return digest_of_kept({name: _digest(text) for name, text in texts.items()})


def digest_of_kept(digests: Mapping[str, str]) -> str:
    """Return the SHA-256 of a version whose files, by name, have these digests."""
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
