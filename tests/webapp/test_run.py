import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(new_folder):
    """A bare environment of the C locale, with a data folder and a port of its own, and no demo."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"XUEJI_DATA_DIR": str(new_folder() / "var"), "XUEJI_PORT": str(port), "XUEJI_DEMO": "false"}
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONPATH": str(ROOT), **settings}


@contextmanager
def xueji_run(environment):
    """The command once it has said where it is, its address, and what it said before."""
    command = [sys.executable, "-m", "webapp", "run"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = ""
            while not (address := re.search(r"Xueji is at (http://\S+)", said)):
                line = process.stdout.readline()
                assert line, said  # it ended
                assert "Error" not in line, said + line
                said += line
            yield process, address[1]
        finally:
            process.kill()


def listens(environment):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(environment["XUEJI_PORT"]))) == 0


@pytest.mark.slow
def test_one_command_serves_the_pages_again_after_it_was_killed_and_ends_in_order(environment):
    with xueji_run(environment) as (process, address), urlopen(address) as page:
        assert page.status == 200
        assert b"<html" in page.read()
        process.kill()
    while listens(environment):
        time.sleep(0.01)

    with xueji_run(environment) as (process, address), urlopen(address) as page:
        assert page.status == 200
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().splitlines() == ["Stopping web", "Stopping worker"]
        assert process.wait() == 0


@pytest.mark.slow
def test_it_goes_on_after_the_database_crashed_and_recovered(environment):
    with xueji_run(environment) as (process, address):
        while not [*Path(environment["XUEJI_DATA_DIR"], "anchors").glob("*.anchor")]:
            time.sleep(0.01)  # until the worker works
        os.kill(a_process_of_postgres(environment), signal.SIGKILL)
        while times_ready(environment) < 2:
            time.sleep(0.01)
        with urlopen(address) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        assert "starts again" not in process.stdout.read()  # as it would say of the web server or the worker
        assert process.wait() == 0


def times_ready(environment):
    """How often the server was ready: a second time once it has recovered."""
    log = Path(environment["XUEJI_DATA_DIR"]) / "pg" / "postgres.log"
    return log.read_text().count("ready to accept connections")


def a_process_of_postgres(environment):
    """The process id of one of the server's own: when it is killed, the server ends all others and recovers."""
    server = (Path(environment["XUEJI_DATA_DIR"]) / "pg" / "data" / "postmaster.pid").read_text().split()[0]
    return int(Path(f"/proc/{server}/task/{server}/children").read_text().split()[0])


@pytest.mark.slow
def test_told_to_stop_it_still_answers_the_request_under_way(environment):
    browser = HTTPConnection("127.0.0.1", int(environment["XUEJI_PORT"]))
    with xueji_run(environment) as (process, _), closing(browser):
        browser.putrequest("POST", "/sign-in")
        browser.putheader("Content-Type", "application/x-www-form-urlencoded")
        browser.putheader("Content-Length", "10")
        browser.putheader("Expect", "100-continue")
        browser.endheaders()
        assert b"100 Continue" in browser.sock.recv(100)

        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "Stopping web\n"
        browser.send(b"login=1234")

        assert browser.getresponse().status == 400
        assert process.stdout.read() == "Stopping worker\n"
        assert process.wait() == 0


@pytest.mark.slow
def test_a_web_server_is_stopped_by_a_ctrl_c_that_each_of_its_processes_hears(environment):
    command = [sys.executable, "-m", "webapp", "web"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as server:
        while not listens(environment):
            assert server.poll() is None

        os.killpg(server.pid, signal.SIGINT)

        assert server.stdout.read() == b""
        assert server.wait() == 0


TOLD_IN_A_FORK = """
import os, signal
from webapp.commands import web
from webapp.host.children import call_when_told

call_when_told(lambda: None, signal.SIGTERM)
signal.signal(signal.SIGTERM, lambda *_: print("the server's handler was called"))
web.create_app = lambda _: signal.pause()
server = os.getpid()
if not (fork := os.fork()):
    os.kill(os.getpid(), signal.SIGTERM)
    web.app_of_process("", server)
print(os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1]))
"""


def test_a_web_process_told_to_stop_before_it_is_set_up_ends(environment):
    said = subprocess.check_output([sys.executable, "-c", TOLD_IN_A_FORK], env=environment, text=True)

    assert said == "0\n"


def test_a_web_process_whose_server_has_ended_already_ends(environment):
    orphan = "import os; from webapp.commands import web; web.app_of_process('', server=os.getpid())"

    assert subprocess.run([sys.executable, "-c", orphan], env=environment, check=False).returncode == 1
