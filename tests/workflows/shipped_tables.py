"""The shipped diagrams and decision tables, and what several tests of them need."""

from workflows.definition import read_definition
from workflows.dmn import read_decisions
from workflows.shipped import shipped_processes

DEFINITIONS = {process: read_definition(files, process) for process, files in shipped_processes().items()}
DIAGRAMS = {
    name.removesuffix(".bpmn"): data
    for files in shipped_processes().values()
    for name, data in files.items()
    if name.endswith(".bpmn")
}
TABLES = {
    key: table
    for name, data in shipped_processes()["transfer"].items()
    if name.endswith(".dmn")
    for key, table in read_decisions(data, name).items()
}
NATIONAL, HENAN, GUANGDONG = "k12-national-2013", "k12-henan-hs", "k12-guangdong"
HENAN_COMPULSORY = "k12-henan-comp"
SICHUAN, FULL_CHAIN = "k12-sichuan", "full-chain"
XJ_CORPS, NATIONAL_2017, BAOAN = "k12-xj-corps", "k12-national-2017", "k12-baoan"
NATIONAL_2014, NATIONAL_2015, HUBEI = "k12-national-2014", "k12-national-2015", "hs-hubei-2016"
VOCATIONAL, FUJIAN, HENAN_VOCATIONAL = "voc-national-2010", "voc-fujian", "voc-henan-2022"
OF_A_YEAR = (NATIONAL_2014, NATIONAL_2015, NATIONAL_2017, HUBEI)
SHANDONG, LIAONING, YANGZHONG, HEZE = "k12-shandong", "k12-liaoning", "k12-yangzhong", "voc-heze"
HIGH_SHANDONG = "hs-shandong"
CHONGQING, ZHEJIANG, OUHAI = "k12-chongqing", "k12-zhejiang", "k12-ouhai"
IN_SHANDONG, IN_ZHEJIANG = (SHANDONG, HIGH_SHANDONG), (ZHEJIANG, OUHAI)
OF_A_PLACE = (BAOAN, XJ_CORPS, *IN_SHANDONG, LIAONING, YANGZHONG, CHONGQING, *IN_ZHEJIANG)
K12 = (NATIONAL, HENAN, HENAN_COMPULSORY, GUANGDONG, SICHUAN, *OF_A_PLACE, *OF_A_YEAR, FULL_CHAIN)
HIGHER = "he-chsi-2011"  # as a vocational school: no stage of higher education is served
SHIYAN, WENZHOU, FUZHOU = "voc-shiyan-2015", "voc-wenzhou", "voc-fuzhou-2017"
IN_VOCATIONAL = (VOCATIONAL, HENAN_VOCATIONAL, HEZE, SHIYAN, WENZHOU, HIGHER)
IN_FUJIAN = (FUJIAN, FUZHOU)
PACKS = (*K12, *IN_VOCATIONAL, *IN_FUJIAN)


def lineage(pack):
    """Return the pack and those it inherits from."""
    return tuple(hit.outputs["member"] for hit in TABLES["pack_lineage"].hits({"pack": pack}))
