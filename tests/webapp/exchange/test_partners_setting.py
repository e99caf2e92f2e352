"""XUEJI_PARTNERS: which other provinces' deployments this one exchanges messages with."""

import json

import pytest

from webapp import config
from webapp.setting_values import Partner

KEY = "5e" * 32
GOOD = {"35": {"url": "https://xueji.example/exchange/", "key": KEY}}


@pytest.fixture
def load(monkeypatch, tmp_path):
    def load(partners, provinces="41"):
        monkeypatch.setenv("XUEJI_DATA_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("XUEJI_PROVINCES", provinces)
        monkeypatch.setenv("XUEJI_PARTNERS", partners if isinstance(partners, str) else json.dumps(partners))
        return config.load()

    return load


def test_a_partner_has_an_address_and_a_key(load):
    settings = load(GOOD)
    assert settings.partners == {"35": Partner("https://xueji.example/exchange", bytes.fromhex(KEY))}


def test_another_process_reads_the_same_partners(load, monkeypatch):
    ours = load(GOOD)
    for name, value in ours.environment().items():
        monkeypatch.setenv(name, value)
    assert config.load() == ours


@pytest.mark.parametrize(
    ("partners", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object, as"),
        ({"fujian": GOOD["35"]}, "“fujian” is no province's code of two digits"),
        ({"35": "https://xueji.example"}, "“35” needs url and key and nothing else, as"),
        ({"35": {"url": "https://xueji.example"}}, "“35” needs url and key and nothing else, as"),
        ({"35": GOOD["35"] | {"port": 1}}, "“35” needs url and key and nothing else, as"),
        ({"35": GOOD["35"] | {"url": "http://xueji.example"}}, "“35” needs a url that begins with https://"),
        ({"35": GOOD["35"] | {"url": "ftp://127.0.0.1"}}, "“35” needs a url that begins with https://"),
        ({"35": GOOD["35"] | {"url": 5}}, "“35” needs a url that begins with https://"),
        ({"35": GOOD["35"] | {"key": "5e5e"}}, "“35” must be 64 hexadecimal digits"),
        ({"35": GOOD["35"] | {"key": None}}, "“35” must be 64 hexadecimal digits"),
    ],
)
def test_what_is_wrong_with_it_is_told_and_no_key_is_shown(load, partners, told):
    with pytest.raises(config.ConfigurationError) as refused:
        load(partners)
    assert str(refused.value).startswith(f"XUEJI_PARTNERS (not shown): {told}")
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("provinces", "told"),
    [
        ("", "needs XUEJI_PROVINCES too: without it the whole country is served here"),
        ("41,35", "“35” is served here by XUEJI_PROVINCES"),
    ],
)
def test_no_partner_is_served_here(load, monkeypatch, provinces, told):
    with pytest.raises(config.ConfigurationError) as refused:
        load(GOOD, provinces)
    assert str(refused.value).startswith(f"XUEJI_PARTNERS (not shown): {told}")


@pytest.mark.parametrize("host", ["127.0.0.1:8051", "localhost", "[::1]:8051"])
def test_on_this_machine_it_may_be_tried_without_encryption(load, host):
    assert (
        load({"51": {"url": f"http://{host}/exchange", "key": KEY}}).partners["51"].url
        == f"http://{host}/exchange"
    )


def test_a_key_is_never_shown(load):
    settings = load(GOOD)
    assert repr(settings.partners["35"].key) not in repr(settings) + repr(settings.partners["35"])
