"""The one door through which diagrams (BPMN) and decision tables (DMN) come in as XML."""

from collections.abc import Mapping
from typing import cast

from lxml import etree

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_ELEMENTS = 20_000


class XmlError(Exception):
    """The file is not XML that we read; the message names the file and, where there is one, the line."""


def read_xml(data: bytes, source: str, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Return the root of a UTF-8 XML file, comments left out; raise XmlError on a DTD, an entity or bulk."""
    if len(data) > max_bytes:
        raise XmlError(f"{source} has {len(data):,} bytes; at most {max_bytes:,} are read")
    _refuse_other_encodings(data, source)
    _refuse_doctype(data, source)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise XmlError(f"{source}: {error.msg}") from None
    _refuse_bulk(root, source)
    return root


def refuse_unread(root: etree._Element, namespace: str, read: Mapping[str, str]) -> None:
    """Raise XmlError on an element of the namespace that its parent's row of `read` does not list by name."""
    for parent in root.iter(f"{{{namespace}}}*"):
        name = etree.QName(parent).localname
        if name not in read:
            continue
        for child in parent.iterchildren(f"{{{namespace}}}*"):
            if etree.QName(child).localname not in read[name].split():
                unread = etree.QName(child).localname
                raise XmlError(f"line {child.sourceline}: {unread} inside {name} is not supported")


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute that must be there; raise XmlError if it is missing or empty."""
    value = element.get(name)
    if not value:
        raise XmlError(f"line {element.sourceline}: {etree.QName(element).localname} has no {name}")
    return value


def line_of(element: etree._Element) -> int | None:
    """Return the line of the file in which an element begins."""
    return cast("int | None", element.sourceline)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        # Whatever the file declares, it is read as what _refuse_doctype saw.
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_other_encodings(data: bytes, source: str) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise XmlError(
            f"{source}, line {_line(data, error.start)}: not UTF-8; save the file as UTF-8"
        ) from None


def _refuse_doctype(data: bytes, source: str) -> None:
    """Refuse before parsing: entities of a DTD are expanded inside attributes whatever the parser is told."""
    start = data.find(b"<!DOCTYPE")
    if start >= 0:
        raise XmlError(f"{source}, line {_line(data, start)}: a DOCTYPE is not allowed; remove it")


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _refuse_bulk(root: etree._Element, source: str) -> None:
    depth = elements = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH:
            raise XmlError(f"{source}, line {element.sourceline}: nested deeper than {MAX_DEPTH} elements")
        if elements > MAX_ELEMENTS:
            raise XmlError(f"{source}, line {element.sourceline}: more than {MAX_ELEMENTS:,} elements")
