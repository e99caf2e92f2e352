"""The settings by which notices leave the house: complete, encrypted on the way, and no secret shown."""

import pytest

from webapp import config, setting_values

MESSAGES = {
    "XUEJI_PUBLIC_URL": "https://xueji.example.cn/",
    "XUEJI_MAIL_FROM": "xueji@example.cn",
    "XUEJI_SMTP_URL": "smtp://xueji:hunter2@mail.example.cn",
    "XUEJI_SMS_URL": "https://sms.example.cn/messages",
    "XUEJI_SMS_KEY": "5e" * 32,
}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("XUEJI_PUBLIC_URL", "xueji.cn", "XUEJI_PUBLIC_URL=xueji.cn: must begin with https://"),
        (
            "XUEJI_MAIL_FROM",
            "Xueji <a@b.cn>",
            "XUEJI_MAIL_FROM=Xueji <a@b.cn>: must be an e-mail address alone",
        ),
        *(
            (
                "XUEJI_SMTP_URL",
                url,
                "XUEJI_SMTP_URL (not shown): must look like smtp://user:password@host:587",
            )
            for url in ("mail.cn", "http://mail.cn", "smtp://", "smtp://u@mail.cn", "smtp://u:p#s@mail.cn")
        ),
        (
            "XUEJI_SMTP_URL",
            "smtp://mail.cn",
            "XUEJI_SMTP_URL (not shown): needs XUEJI_PUBLIC_URL too",
        ),
        ("XUEJI_SMS_URL", "http://sms.cn", "XUEJI_SMS_URL=http://sms.cn: must begin with https://"),
        ("XUEJI_SMS_URL", "https://sms.cn", "XUEJI_SMS_URL=https://sms.cn: needs XUEJI_SMS_KEY too"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(environment, name, value, told):
    environment({name: value})

    with pytest.raises(config.ConfigurationError) as refused:
        config.load()

    assert any(line.startswith(told) for line in str(refused.value).splitlines())


def test_another_process_reads_them_from_the_environment_we_hand_on(environment):
    environment(MESSAGES)
    ours = config.load()

    environment(ours.environment())

    assert config.load() == ours


def test_the_settings_for_messages_show_no_secret(environment):
    environment(MESSAGES)

    settings = config.load()

    assert "hunter2" not in repr(settings)
    assert repr(settings.sms_key) not in repr(settings)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("smtp://mail.example.cn", ("mail.example.cn", 587, False, False)),
        ("smtp://localhost:25/", ("localhost", 25, False, True)),
        ("smtp://[::1]:2525", ("::1", 2525, False, True)),
        ("smtps://mail.example.cn", ("mail.example.cn", 465, True, False)),
    ],
)
def test_a_mail_server_is_named_by_its_address(url, named):
    server = setting_values.mail_server(url)
    assert (server.host, server.port, server.encrypted, server.is_here) == named
