"""The shipped processes with something changed in them."""

import re
from contextlib import contextmanager

from webapp.services.processes.versions import publish, publish_shipped
from workflows.shipped import shipped_processes

SHIPPED = shipped_processes()
STEP = r'(<bpmn:userTask id="{}".*?<xj:step )(role="\w+")'


def changed(process, file, *changes):
    """Return the files of a shipped process with texts of one file replaced."""
    text = SHIPPED[process][file].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {**SHIPPED[process], file: text.encode()}


def with_role(process, *roles):
    """Return the files of a shipped process with other roles for steps, given as (step, role)."""
    files = dict(SHIPPED[process])
    for step, role in roles:
        name = next(name for name, data in files.items() if f'<bpmn:userTask id="{step}"'.encode() in data)
        text = re.sub(STEP.format(step), rf'\1role="{role}"', files[name].decode(), count=1, flags=re.DOTALL)
        files[name] = text.encode()
    return files


def with_step(process, step, inside="", **attributes):
    """Return the files of a shipped process with other attributes of one step, and more `inside` its extension."""
    files = dict(SHIPPED[process])
    name = next(name for name, data in files.items() if f'<bpmn:userTask id="{step}"'.encode() in data)
    before, start, after = re.split(
        rf'(<bpmn:userTask id="{step}".*?<xj:step )', files[name].decode(), maxsplit=1, flags=re.DOTALL
    )
    said, _, rest = after.partition("/>")
    given = dict(re.findall(r'(\w+)="([^"]*)"', said)) | attributes
    written = " ".join(f'{key}="{value}"' for key, value in given.items())
    files[name] = f"{before}{start}{written}/>{inside}{rest}".encode()
    return files


@contextmanager
def in_force(session, process, files):
    """Let new cases of a process start on these files for a while."""
    publish(session, process, files)
    session.commit()
    try:
        yield
    finally:
        session.rollback()
        publish_shipped(session)
        session.commit()


def diagram(process):
    return {f"{process}.bpmn": SHIPPED[process][f"{process}.bpmn"]}
