import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from webapp import clock, config
from webapp.host import local

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
KEY = "5e" * 32
PRODUCTION = {
    "XUEJI_DATABASE_URL": "postgresql://xueji:hunter2@db.example/xueji",
    **{config.variable(name): KEY for name in local.KEYS},
}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("XUEJI_PROT", "8000", "XUEJI_PROT is no setting; did you mean XUEJI_PORT?"),
        (
            "XUEJI_COLOUR_SCHEME",
            "8000",
            "XUEJI_COLOUR_SCHEME is no setting; after XUEJI_ may stand DATABASE_URL, ",
        ),
        ("XUEJI_PORT", "eighty", "XUEJI_PORT=eighty: Input should be a valid integer"),
        ("XUEJI_PORT", "65536", "XUEJI_PORT=65536: Input should be less than or equal to 65535"),
        ("XUEJI_WEB_PROCESSES", "0", "XUEJI_WEB_PROCESSES=0: Input should be greater than or equal to 1"),
        ("XUEJI_NOW", "2026-09-07T09:00", "XUEJI_NOW=2026-09-07T09:00: Input should have timezone info"),
        ("XUEJI_NOW", "tomorrow", "XUEJI_NOW=tomorrow: Input should be a valid datetime"),
        *(
            (name, moment, f"{name}={moment}: must lie on a day from 1990-01-01 to 2099-12-31")
            for name in ("XUEJI_NOW", "XUEJI_NOW_SINCE")
            for moment in (
                "0001-01-01T00:00+14:00",
                "1900-01-01T00:00+08:00",
                "1990-01-01T00:00+09:00",
                "2099-12-31T23:59+07:00",
                "9999-12-31T23:59+08:00",
                "9999-12-31T23:59-12:00",
            )
        ),
        ("XUEJI_DEMO", "perhaps", "XUEJI_DEMO=perhaps: Input should be a valid boolean"),
        ("XUEJI_LOCALE", "fr", "XUEJI_LOCALE=fr: Input should be 'zh_Hans_CN' or 'en'"),
        ("XUEJI_OBJECT_STORE", "ftp://papers", "XUEJI_OBJECT_STORE=ftp://papers: String should match"),
        (
            "XUEJI_DATABASE_URL",
            "mysql://a:b@c/d",
            "XUEJI_DATABASE_URL (not shown): must begin with postgresql://",
        ),
        ("XUEJI_DATABASE_URL", "postgresql://a:b@c/d?x=1", "XUEJI_DATABASE_URL (not shown): is no address"),
        ("XUEJI_AUDIT_KEY", "feed", "XUEJI_AUDIT_KEY (not shown): must be 64 hexadecimal digits"),
        ("XUEJI_AUDIT_KEY", "zz" * 32, "XUEJI_AUDIT_KEY (not shown): must be 64 hexadecimal digits"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(environment, name, value, told):
    environment({name: value})

    with pytest.raises(config.ConfigurationError) as refused:
        config.load()

    assert any(line.startswith(told) for line in str(refused.value).splitlines())


def test_all_wrong_settings_are_told_at_once_and_no_other(environment):
    environment({**PRODUCTION, "XUEJI_PORT": "x", "XUEJI_DEMO": "x", "XUEJI_PROT": "x"})

    with pytest.raises(config.ConfigurationError) as refused:
        config.load()

    told = [re.match(r"XUEJI_\w+", line)[0] for line in str(refused.value).splitlines()]
    assert told == ["XUEJI_PROT", "XUEJI_DEMO", "XUEJI_PORT"]


@pytest.mark.parametrize("name", [config.variable(name) for name in local.KEYS])
def test_a_database_of_ones_own_needs_every_key(environment, name):
    environment({**PRODUCTION, name: ""})

    with pytest.raises(config.ConfigurationError, match=f"^{name} is not set"):
        config.load()


def test_secrets_are_never_shown(environment):
    environment(
        {**PRODUCTION, "XUEJI_AUDIT_KEY": KEY + "77", "XUEJI_DATABASE_URL": "http://xueji:hunter2@db"}
    )

    with pytest.raises(config.ConfigurationError) as refused:
        config.load()

    assert "hunter2" not in str(refused.value)
    assert KEY not in str(refused.value)


def test_settings_show_no_secret_and_do_not_change(environment):
    environment(PRODUCTION)

    settings = config.load()

    assert "hunter2" not in repr(settings)
    assert repr(settings.audit_key) not in repr(settings)
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


def test_a_production_has_no_demo_and_the_machines_time(environment):
    environment(PRODUCTION)

    settings = config.load()

    assert (settings.demo, settings.now) == (False, None)
    assert settings.audit_key == bytes.fromhex(KEY)


def test_a_local_installation_makes_its_keys_once_for_its_owner_alone(environment, tmp_path):
    first, second = config.load(), config.load()

    kept = tmp_path / "var" / "secrets"
    keys = {getattr(first, name) for name in local.KEYS}
    assert len(keys) == len(local.KEYS)
    assert first == second
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}


def test_a_local_installation_takes_a_key_that_is_given(environment):
    environment({"XUEJI_AUDIT_KEY": KEY})

    settings = config.load()

    assert settings.audit_key == bytes.fromhex(KEY)
    assert settings.identity_key != settings.audit_key


def test_keys_lost_beside_a_database_are_asked_for_and_not_made_anew(environment, tmp_path):
    config.load()
    (tmp_path / "var" / "pg").mkdir()
    (tmp_path / "var" / "secrets" / "identity_key").unlink()

    with pytest.raises(config.ConfigurationError, match=r"holds a database.*identity_key.*Restore"):
        config.load()


def test_papers_lie_in_the_data_folder_unless_told_otherwise(environment, tmp_path):
    assert config.load().object_store == (tmp_path / "var" / "papers").as_uri()

    environment({"XUEJI_OBJECT_STORE": "s3://papers/xueji"})
    assert config.load().object_store == "s3://papers/xueji"


def test_another_process_reads_the_same_settings_from_the_environment_we_hand_on(environment):
    environment({"XUEJI_PORT": "8123", "XUEJI_LOCALE": "en"})
    ours = config.load()

    environment(ours.environment())

    assert config.load() == ours


def test_the_demos_clock_never_runs_backwards_from_one_start_to_the_next(environment, monkeypatch):
    monkeypatch.setattr(clock, "_clock", clock._Clock())
    config.start()
    first = clock.now()

    config.start()

    assert config.DEMO_BEGINS <= first <= clock.now() < first + timedelta(hours=1)


@pytest.mark.parametrize("moment", ["1990-01-01T00:00+08:00", "2099-12-31T23:59+08:00", "2099-12-31T15:59Z"])
def test_the_clock_may_be_set_to_any_day_that_has_time_limits(environment, monkeypatch, moment):
    monkeypatch.setattr(clock, "_clock", clock._Clock())
    environment({"XUEJI_NOW": moment})
    config.start()

    assert clock.FIRST_DAY <= clock.today() <= clock.LAST_DAY


def test_a_clock_set_anew_begins_anew(environment):
    first = config.load()

    environment({"XUEJI_NOW": "2022-09-05T09:00+08:00"})

    assert config.load().now_since > first.now_since


@pytest.mark.parametrize("name", list(config.Settings.model_fields))
def test_every_setting_is_in_the_manual_as_it_is_in_the_code(name):
    field = config.Settings.model_fields[name]
    computed = field.is_required() or field.default_factory or field.default is None
    default = "" if computed else f"`{field.default}`"

    row = f"| `{config.variable(name)}` | {default} | {field.description} |"
    assert row in OPERATIONS.read_text("utf-8").splitlines()
