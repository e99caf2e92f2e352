"""The shipped decision tables, and what several tests of them need."""

from workflows.dmn import read_decisions
from workflows.shipped import shipped_processes

TABLES = {
    key: table
    for name, data in shipped_processes()["transfer"].items()
    if name.endswith(".dmn")
    for key, table in read_decisions(data, name).items()
}
NATIONAL, HENAN, GUANGDONG = "k12-national-2013", "k12-henan-hs", "k12-guangdong"
VOCATIONAL, FUJIAN = "voc-national-2010", "voc-fujian"
PACKS = (NATIONAL, HENAN, GUANGDONG, VOCATIONAL, FUJIAN)


def lineage(pack):
    """Return the pack and those it inherits from."""
    return tuple(hit.outputs["member"] for hit in TABLES["pack_lineage"].hits({"pack": pack}))
