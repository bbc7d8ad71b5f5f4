"""The wheel carries everything: it runs without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(folder),
    ]
    done = subprocess.run([*words, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("regulars-*.whl"))


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    sources = (ROOT / "src").rglob("*")
    wanted = {path.relative_to(ROOT / "src").as_posix() for path in sources if path.is_file()}
    wanted = {name for name in wanted if "__pycache__" not in name and ".egg-info" not in name}
    assert wanted <= inside, sorted(wanted - inside)


def test_the_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    env = kept | {"PYTHONPATH": str(unpacked), "REGULARS_HOME": str(tmp_path / "home")}
    look = (
        "import regulars, os; assert regulars.__path__[0].startswith(os.environ['PYTHONPATH']), regulars.__path__;"
        "from regulars.config.wsgi import application;"
        "from django.core.management import call_command; call_command('migrate', verbosity=0);"
        "from django.test import Client;"
        "client = Client(REMOTE_ADDR='127.0.0.1', HTTP_HOST='127.0.0.1:8300');"
        "pages = ['/', '/imports', '/static/vendor/echarts/echarts.min.js', '/static/web/app.css'];"
        "found = [client.get(page).status_code for page in pages]; assert found == [200] * 4, found"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
