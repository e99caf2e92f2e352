"""The shipped processes with something changed in them."""

import re

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


def diagram(process):
    return {f"{process}.bpmn": SHIPPED[process][f"{process}.bpmn"]}
