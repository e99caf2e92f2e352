"""What comes in as XML is plain XML, small and without a DTD."""

import codecs

import pytest

from workflows.xml import MAX_DEPTH, MAX_ELEMENTS, XmlError, attribute, read_xml, refuse_unread

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>
<a b="&y;">&y;</a>"""


def test_a_plain_file_is_read_with_or_without_a_byte_order_mark():
    for mark in (b"", codecs.BOM_UTF8):
        assert read_xml(mark + "<a>转学</a>".encode(), "a.bpmn").text == "转学"


def test_a_comment_does_not_cut_a_text_in_two():
    assert read_xml(b"<a>one<!-- 1 --> text<?pi?></a>", "a.dmn").text == "one text"


def test_a_file_is_read_as_utf_8_whatever_it_declares():
    assert read_xml('<?xml version="1.0" encoding="GB2312"?><a>县</a>'.encode(), "a.dmn").text == "县"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\n\n" + BILLION_LAUGHS, "line 4: a DOCTYPE is not allowed"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "a DOCTYPE is not allowed"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "line 1: not UTF-8"),
        ("<a>\n县</a>".encode("gb18030"), "line 2: not UTF-8"),
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), f"deeper than {MAX_DEPTH}"),
        (b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>", f"more than {MAX_ELEMENTS:,} elements"),
        (b" " * 1_000_001, "has 1,000,001 bytes; at most 1,000,000 are read"),
    ],
)
def test_a_hostile_file_is_refused_by_name_and_place(data, reason):
    with pytest.raises(XmlError, match=r"^transfer\.bpmn") as refusal:
        read_xml(data, "transfer.bpmn")
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>\n<b></a>",
        b"<a/><b/>",
        b"<a>&secret;</a>",
        b"<a b='&secret;'/>",
        "<!DOCTYPE a><a/>".encode("utf-16-le"),
        "<!DOCTYPE a><a/>".encode("utf-32-be"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-<a/>',
        b"<a>\x01</a>",
        b"<x:a/>",
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
)
def test_what_is_not_xml_is_refused_with_the_name_of_the_file(data):
    with pytest.raises(XmlError, match=r"^transfer\.bpmn: ."):
        read_xml(data, "transfer.bpmn")


def test_the_largest_file_allowed_is_read():
    inner = b"<b/>" * (MAX_ELEMENTS - 1)
    assert len(read_xml(b"<a>" + inner + b"</a>", "a.bpmn")) == MAX_ELEMENTS - 1


def test_an_element_that_nobody_would_read_is_refused_by_name():
    root = read_xml(b'<a xmlns="urn:x">\n<b><c/></b></a>', "a.dmn")
    refuse_unread(root, "urn:x", {"a": "b d", "b": "c"})
    with pytest.raises(XmlError, match="line 2: c inside b is not supported"):
        refuse_unread(root, "urn:x", {"a": "b", "b": "d"})


def test_elements_of_other_namespaces_are_left_to_others():
    root = read_xml(b'<a xmlns="urn:x" xmlns:y="urn:y"><y:b/></a>', "a.dmn")
    refuse_unread(root, "urn:x", {"a": ""})


def test_an_attribute_that_must_be_there_is_named_when_it_is_missing():
    rule = read_xml(b'<rule id="" name="n"/>', "a.dmn")
    assert attribute(rule, "name") == "n"
    with pytest.raises(XmlError, match="line 1: rule has no id"):
        attribute(rule, "id")
