"""The settings of the application: from variables named XUEJI_… and from nowhere else, checked at start."""

import difflib
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from webapp import clock, setting_values
from webapp.host import local
from webapp.setting_values import KEY_BYTES, Partner

PREFIX = "XUEJI_"
DEMO_BEGINS = datetime(2026, 9, 7, 9, 0, tzinfo=clock.SHANGHAI)  # Monday of the autumn term's first week


class ConfigurationError(Exception):
    """The settings do not allow a start; each line of the text names one variable and what to do."""


Partners = Annotated[Mapping[str, Partner], NoDecode, BeforeValidator(setting_values.partners)]
Provinces = Annotated[tuple[str, ...], NoDecode, BeforeValidator(setting_values.provinces)]
Key = Annotated[bytes, BeforeValidator(setting_values.key)]
Moment = Annotated[AwareDatetime, AfterValidator(setting_values.moment)]
PostgresqlUrl = Annotated[str, AfterValidator(setting_values.postgresql_url)]
SmtpUrl = Annotated[str, AfterValidator(setting_values.smtp_url)]
Email = Annotated[str, AfterValidator(setting_values.email)]
WebUrl = Annotated[str, AfterValidator(setting_values.web_url)]


def _is_local(known: dict[str, Any]) -> bool:
    return known["database_url"] is None


def _demo_begins(known: dict[str, Any]) -> datetime | None:
    return DEMO_BEGINS if known["demo"] else None


def _clock_set_at(known: dict[str, Any]) -> datetime:
    machine_now = clock.machine_now()
    if not _is_local(known) or known["now"] is None:
        return machine_now
    return local.clock_set_at(known["data_dir"], known["now"], machine_now)


def _papers(known: dict[str, Any]) -> str:
    folder: Path = known["data_dir"] / "papers"
    return folder.as_uri()


def _key_field(does: str) -> Any:  # noqa: ANN401 - stands for a value of the type it is annotated with
    wanted = f"{2 * KEY_BYTES} hexadecimal digits. Required with `XUEJI_DATABASE_URL`; otherwise made once"
    return Field(repr=False, description=f"{does}: {wanted} and kept in the data folder.")


class Settings(BaseSettings):
    """Every setting, with its default and its meaning; immutable once read."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    database_url: PostgresqlUrl | None = Field(
        default=None,
        repr=False,
        description="The PostgreSQL (16 or later) to use, as `postgresql://user:password@host/database`. "
        "Without it the application runs one of its own in the data folder.",
    )
    data_dir: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default=Path("var"),
        description="The data folder: the embedded database, local keys and papers.",
        validate_default=True,
    )
    demo: bool = Field(
        default_factory=_is_local,
        description="Load the demo on first start and accept identity numbers of its made-up region 990101. "
        "Default: only with the embedded database.",
    )
    now: Moment | None = Field(
        default_factory=_demo_begins,
        description="A moment, as `2026-09-07T09:00+08:00`, that the clock is set to; it runs on from there. "
        "Default: the machine's time, or with the demo a day on which its transfers are lawful.",
    )
    now_since: Moment = Field(
        default_factory=_clock_set_at,
        description="The machine's time at which it was `XUEJI_NOW`; `xueji run` tells its processes, "
        "so that they agree. Default: the first start with that `XUEJI_NOW`.",
    )
    secret_key: Key = _key_field("Signs sessions and forms")
    audit_key: Key = _key_field("Chains the audit trail")
    identity_key: Key = _key_field("Encrypts identity numbers")
    index_key: Key = _key_field("Blinds the index over identity numbers")
    host: str = Field(default="127.0.0.1", description="The address that the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port that the web server listens on.")
    web_processes: int = Field(default=2, ge=1, le=256, description="Processes of the web server.")
    web_threads: int = Field(
        default=4, ge=1, le=256, description="Requests that each web process serves at once."
    )
    object_store: str = Field(
        default_factory=_papers,
        pattern=r"^(file|s3)://",
        description="Where papers are kept: `file:///folder` or `s3://bucket/prefix`. "
        "Default: `papers` in the data folder.",
    )
    paper_max_bytes: int = Field(
        default=2 * 1024**2, ge=1024, description="The largest paper accepted, in bytes."
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        description="How many proxies stand before the web server; their word on the visitor's address, on "
        "https and on the host is believed. Without it a proxy's own address is everybody's.",
    )
    session_hours: int = Field(default=8, ge=1, le=24 * 31, description="Hours after which a login expires.")
    provinces: Provinces = Field(
        default_factory=tuple,
        description="The provinces whose schools are served here, by the first two digits of their codes, as `41,35`. "
        "All others are another deployment's. Default: the whole country.",
    )
    partners: Partners = Field(
        default_factory=dict,
        repr=False,
        description="The other provinces' deployments that this one exchanges messages with, as JSON: by code of two "
        'digits the address that takes them and the key of both sides, `{"51": {"url": "https://…/exchange", '
        '"key": "64 hexadecimal digits"}}`. With any other province officers write down by hand what they were told.',
    )
    locale: Literal["zh_Hans_CN", "en"] = Field(
        default="zh_Hans_CN", description="The language shown to people who have not chosen one."
    )
    public_url: WebUrl | None = Field(
        default=None,
        description="The address of the pages, to which e-mails link: `https://xueji.example.cn`.",
    )
    mail_from: Email | None = Field(default=None, description="The address that e-mails come from.")
    smtp_url: SmtpUrl | None = Field(
        default=None,
        repr=False,
        description="The mail server: `smtp://user:password@host:587`, which must offer STARTTLS unless it is on this "
        "machine, or `smtps://…`. Without it no e-mails are sent.",
    )
    sms_key: Key | None = Field(
        default=None,
        repr=False,
        description="Signs what goes to the gateway for text messages: 64 hexadecimal digits.",
    )
    sms_url: WebUrl | None = Field(
        default=None,
        description="The gateway that takes text messages. Without it none are sent; the demo's only go to the log.",
    )

    @field_validator("partners")
    @classmethod
    def _are_elsewhere(cls, partners: Mapping[str, Partner], known: ValidationInfo) -> Mapping[str, Partner]:
        return setting_values.elsewhere(partners, known.data.get("provinces"))

    @field_validator("smtp_url", "sms_url")
    @classmethod
    def _are_complete(cls, url: str | None, known: ValidationInfo) -> str | None:
        needed = ("public_url", "mail_from") if known.field_name == "smtp_url" else ("sms_key",)
        return setting_values.together(url, known.data, *needed)

    def environment(self) -> dict[str, str]:
        """Return the variables from which another process reads exactly these settings."""
        return {variable(name): _as_text(value) for name, value in self if value is not None}


def variable(name: str) -> str:
    """Return the variable that sets the field `name`."""
    return PREFIX + name.upper()


def load() -> Settings:
    """Read the settings; with the embedded database, keys come from the data folder and are made there.

    ConfigurationError names every variable that is unknown, wrong or missing, and shows no secret.
    """
    problems = list(_unknown_variables())
    try:
        settings = Settings(**_local_keys())
    except ValidationError as refused:
        problems += _told(refused)
    except local.KeysAreLostError as lost:
        problems.append(str(lost))
    except PermissionError as closed:
        problems.append(
            f"{closed.filename} is another user's. Start as that user or choose another XUEJI_DATA_DIR."
        )
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


def start() -> Settings:
    """Read the settings and set this process's clock by them: what every entry point does first."""
    settings = load()
    if settings.now is not None:
        clock.run_from(settings.now, since=settings.now_since)
    return settings


def _local_keys() -> dict[str, Any]:
    if os.environ.get("XUEJI_DATABASE_URL"):
        return {}
    data_dir = Path(os.environ.get("XUEJI_DATA_DIR") or "var").absolute()
    return {name: key for name, key in local.keys(data_dir).items() if not os.environ.get(variable(name))}


def _unknown_variables() -> Iterator[str]:
    known = [name.upper() for name in Settings.model_fields]
    given = {name.removeprefix(PREFIX) for name in os.environ if name.startswith(PREFIX)}
    for name in sorted(given.difference(known)):
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {PREFIX}{near[0]}?" if near else f"after {PREFIX} may stand {', '.join(known)}"
        yield f"{PREFIX}{name} is no setting; {hint}"


def _told(refused: ValidationError) -> Iterator[str]:
    for error in refused.errors():
        name = str(error["loc"][0])
        field = Settings.model_fields[name]
        if error["type"] == "missing":
            yield f"{variable(name)} is not set. {field.description}"
        elif error["type"] != "default_factory_not_called":  # for another setting's error, told there
            given = f"={error['input']}" if field.repr else " (not shown)"
            reason = error["msg"].removeprefix("Value error, ")
            yield f"{variable(name)}{given}: {reason}. {field.description}"


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, Mapping):
        return setting_values.partners_text(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
