"""What `manage.py` makes of the words it is given."""

import os
import signal
import subprocess
import sys
import time

import pytest

from isva.bootstrap import demo, places, start
from isva.bootstrap.telling import Stop


def test_migrations_go_to_the_role_that_owns_the_tables():
    assert start.as_owner(["manage.py", "migrate", "casework"]) == [
        "manage.py", "migrate", "casework", "--database", "owner",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", [["migrate", "--database", "default"], ["migrate", "--database=default"], ["shell"], []]
)
def test_other_commands_and_other_wishes_are_left_alone(words):
    assert start.as_owner(["manage.py", *words]) == ["manage.py", *words]


@pytest.mark.parametrize("words", [[], ["-q"], ["-v", "--durations=20"], ["--reuse-db"], ["--tb=short"]])
def test_the_whole_suite_uses_every_processor(words):
    assert start.side_by_side(words, 2) == ["-n", "2", "--dist", "worksteal"]
    assert start.side_by_side(words, 64)[1] == str(start.MOST_PROCESSES)
    assert start.side_by_side(words, 1) == []


@pytest.mark.parametrize(
    "words",
    [
        ["tests/clock"],
        ["tests/clock/test_working_days.py::test_x"],
        ["-k", "clock"],
        ["-kclock"],
        ["-m", "journey"],
        ["-n0"],
        ["-n", "3"],
        ["--numprocesses=auto"],
        ["--pdb"],
        ["-s"],
        ["--lf"],
        ["-x"],
        ["--collect-only"],
    ],
)
def test_who_chose_some_tests_or_a_way_of_running_them_gets_just_that(words):
    assert start.side_by_side(words, 2) == []


def test_a_busy_port_is_named_with_a_way_out():
    with demo.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop) as refused:
            demo.ask_for_port(port)
    assert refused.value.what == f"Port {port} is in use by another program."
    assert f"--port {port + 1}" in refused.value.advice


@pytest.fixture
def other_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ISVA_HOME", str(tmp_path))
    return places.prepare()


def test_a_second_demonstration_from_the_same_folder_is_refused(other_home):
    with demo.alone(), pytest.raises(Stop, match="already running"), demo.alone():
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="process birth times are read from /proc")
def test_what_a_killed_start_left_running_is_ended_and_a_stranger_with_its_number_is_not(other_home):
    left = subprocess.Popen(["sleep", "60"], start_new_session=True)
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    demo.note("web").write_text(f'{{"pid": {left.pid}, "born": "{demo.born(left.pid)}"}}')
    demo.note("worker").write_text(f'{{"pid": {stranger.pid}, "born": "1"}}')
    try:
        demo.sweep()
        assert left.poll() is not None
        assert stranger.poll() is None
        assert not demo.note("web").exists()
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_a_part_ends_when_its_launcher_is_killed(other_home, tmp_path):
    script = (
        "import sys, subprocess, time\n"
        "from isva.bootstrap import demo\n"
        "child = subprocess.Popen(['sleep', '60'], preexec_fn=demo.end_with_parent)\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=places.ROOT
    )
    part = int(launcher.stdout.readline())
    when = demo.born(part)
    os.kill(launcher.pid, signal.SIGKILL)
    launcher.wait()
    launcher.stdout.close()
    deadline = time.monotonic() + 5
    while demo.born(part) == when and time.monotonic() < deadline:
        time.sleep(0.02)
    assert demo.born(part) != when
