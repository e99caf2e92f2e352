"""What a local installation keeps in its data folder: its keys, and since when its clock differs."""

import contextlib
import os
import secrets
import tempfile
from datetime import datetime
from pathlib import Path

KEYS = ("secret_key", "audit_key", "identity_key", "index_key")


class KeysAreLostError(Exception):
    """The data folder holds a database but no longer the keys it was written with."""


def keys(data_dir: Path) -> dict[str, str]:
    """Return the keys kept in `data_dir`/secrets as hexadecimal text, making them before there is a database.

    KeysAreLostError when there is a database and a key is missing: a new one could not read what is stored.
    """
    folder = data_dir / "secrets"
    lost = [name for name in KEYS if not (folder / name).exists()]
    if lost and os.path.lexists(data_dir / "pg"):
        raise KeysAreLostError(
            f"{data_dir / 'pg'} holds a database, but its keys are missing: {', '.join(lost)}. "
            f"Restore them to {folder}, or remove {data_dir} to begin with an empty registry."
        )
    make_data_dir(data_dir)
    folder.mkdir(mode=0o700, exist_ok=True)
    return {name: _kept(folder / name, secrets.token_hex(32)) for name in KEYS}


def clock_set_at(data_dir: Path, start: datetime, now: datetime) -> datetime:
    """Return the machine's time when the clock was first set to `start`; it is `now` if it was not yet.

    Kept so that time never runs backwards from one start to the next, and all processes agree on it.
    """
    kept = make_data_dir(data_dir) / "clock"
    set_to, _, set_at = kept.read_text().partition(" ") if kept.exists() else ("", "", "")
    if set_to == start.isoformat():
        return datetime.fromisoformat(set_at)
    kept.write_text(f"{start.isoformat()} {now.isoformat()}")
    return now


def make_data_dir(data_dir: Path) -> Path:
    """Make the data folder for its owner alone; as root, passable for the user who runs PostgreSQL."""
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return data_dir


def _kept(path: Path, fresh: str) -> str:
    """The text kept at `path`; `fresh` is put there, whole and only once, if there is none."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # made with mode 0600
            draft.write(fresh)
            draft.flush()
            with contextlib.suppress(FileExistsError):  # another process was faster; its key counts
                path.hardlink_to(draft.name)
    return path.read_text()
