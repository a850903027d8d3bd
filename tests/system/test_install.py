"""Packages come from one list, .ci/packages.txt, through one program, .ci/install.

Whether the list is whole is proved in a bare Debian, by `./run test fresh`.
"""
import importlib
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from daemon import BUILD, TIEJUND

TOP = pathlib.Path(__file__).resolve().parents[2]
INSTALL = TOP / ".ci/install"


def listed(*sections):
    command = [INSTALL, "--list", *sections]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def owner(path):
    """The Debian package that brought a file."""
    output = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True).stdout
    return output.split(":")[0].strip()


@pytest.fixture
def fakes(tmp_path):
    """Package managers that only note how they were called."""
    calls = tmp_path / "calls"
    calls.touch()
    folder = tmp_path / "bin"
    folder.mkdir()

    def fake(name, body):
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)

    # The other programs that install calls; a sudo of this machine is not among them.
    for name in "bash awk cat cut dirname env grep mktemp mkdir readlink rm tee xargs".split():
        (folder / name).symlink_to(shutil.which(name))

    def install(*sections):
        environment = dict(os.environ, PATH=str(folder))
        run = subprocess.run([INSTALL, *sections], env=environment, capture_output=True, text=True)
        return run, calls.read_text().splitlines()

    fake("apt-get", f'echo "apt-get $*" >>{calls}')
    fake("id", "echo 0")
    install.fake = fake
    return install


def test_nothing_missing_asks_no_package_manager(fakes):
    lines = "".join(f"{package} installed\\n" for package in listed("build", "test"))
    fakes.fake("dpkg-query", f"printf '{lines}'")
    run, calls = fakes("build", "test")
    assert (run.returncode, run.stderr, calls) == (0, "", [])


def test_only_what_is_missing_is_installed(fakes):
    present, *absent = listed("test")
    fakes.fake("dpkg-query", f"echo '{present} installed'; echo '{absent[0]} config-files'")
    run, calls = fakes("test")
    assert run.returncode == 0, run.stderr
    assert len(calls) == 1
    assert "--no-install-recommends" in calls[0]
    assert calls[0].split()[-len(absent):] == absent


def test_old_package_lists_are_renewed_once(fakes, tmp_path):
    mark = tmp_path / "updated"
    fakes.fake("dpkg-query", "true")
    fakes.fake("apt-get", f"""
        case "$*" in
        *update*) : >{mark} ;;
        *) test -e {mark} ;;
        esac""")
    run, _ = fakes("test")
    assert run.returncode == 0, run.stderr
    assert mark.exists()


def test_without_rights_it_says_what_to_do(fakes):
    fakes.fake("dpkg-query", "true")
    fakes.fake("id", "echo 1000")
    run, calls = fakes("test")
    assert run.returncode == 1
    assert calls == []
    assert "As root: apt-get install" in run.stderr
    assert "python3-pytest" in run.stderr


def test_sudo_where_there_is_one(fakes, tmp_path):
    fakes.fake("dpkg-query", "true")
    fakes.fake("id", "echo 1000")
    fakes.fake("sudo", f'echo sudo >>{tmp_path}/calls; exec "$@"')
    run, calls = fakes("test")
    assert run.returncode == 0, run.stderr
    assert calls[0] == "sudo"
    assert calls[1].startswith("apt-get ")


def test_an_unknown_section_is_refused():
    run = subprocess.run([INSTALL, "nonsense"], capture_output=True, text=True)
    assert run.returncode == 1
    assert "nonsense" in run.stderr


def test_no_package_stands_twice():
    packages = listed("run", "build", "demo", "test", "fuzz", "lint", "npm", "fresh")
    assert sorted(packages) == sorted(set(packages))


def test_no_other_script_installs():
    names = subprocess.run(["git", "ls-files"], cwd=TOP, check=True, capture_output=True, text=True)
    paths = [TOP / name for name in names.stdout.split()]
    texts = {path: path.read_bytes() for path in paths if path.is_file()}
    scripts = {path: text for path, text in texts.items() if text.startswith(b"#!")}
    assert INSTALL in scripts
    installing = [path for path, text in scripts.items()
                  if re.search(rb"\b(apt|apt-get|aptitude|pip3?)\b.*\binstall\b", text)]
    assert installing == [INSTALL]


def test_what_cmake_looks_for_is_listed():
    """Each module, program and library that CMakeLists.txt wants comes from the list."""
    cmake = (TOP / "CMakeLists.txt").read_text()
    build = listed("build")
    modules = " ".join(re.findall(r"pkg_check_modules\(\S+ REQUIRED IMPORTED_TARGET ([^)]+)\)",
                                  cmake)).split()
    assert len(modules) > 5
    for module in modules:
        folder = subprocess.run(["pkg-config", "--variable=pcfiledir", module], check=True,
                                capture_output=True, text=True).stdout.strip()
        assert owner(f"{folder}/{module}.pc") in build, module
    programs = re.findall(r"find_program\(\S+ (\S+)", cmake)
    assert programs
    for program in programs:
        assert owner(f"/usr/bin/{program}") in build, program


def test_what_the_tests_import_is_listed():
    for module in ("pytest", "google.protobuf"):
        path = importlib.import_module(module).__file__
        assert owner(path) in listed("test"), module


# What is installed.


def test_installed_programs_read_the_installed_catalogs(tmp_path):
    """Those of the build folder may be gone, or out of a service's sight."""
    subprocess.run(["cmake", "--install", BUILD, "--prefix", tmp_path], check=True,
                   stdout=subprocess.DEVNULL)
    catalog = tmp_path / "share/locale/zh_CN/LC_MESSAGES/tiejun.mo"
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' \
           'msgid "who the daemon takes you for"\nmsgstr "installed"\n'
    subprocess.run(["msgfmt", "-o", catalog, "-"], input=text, text=True, check=True)
    shown = subprocess.run([tmp_path / "bin/tiejun", "--help"], capture_output=True, text=True,
                           env={"LANG": "zh_CN.UTF-8", "HOME": str(tmp_path)})
    assert "installed" in shown.stdout


# The unit for systemd.


@pytest.fixture
def unit(tmp_path):
    """The unit as it is installed, but for the daemon of this build."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze to judge the unit")
    text = (BUILD / "tiejund.service").read_text()
    path = tmp_path / "tiejund.service"
    path.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={TIEJUND}", text))
    return path


def test_the_unit_is_understood(unit):
    run = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    ours = [line for line in run.stderr.splitlines() if "tiejund" in line]
    assert ours == []


def test_the_unit_exposes_little(unit):
    """memcached's has 4.8 in Debian 12, pgbouncer's 9.2."""
    run = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", unit],
                         capture_output=True, text=True)
    exposure = re.search(r"Overall exposure level for tiejund.service: ([0-9.]+)", run.stdout)
    assert run.returncode == 0, run.stdout
    assert float(exposure[1]) <= 1.5
