"""A real JupyterLab and a real browser, started once for the session."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHROMIUM = (
    os.environ.get("PELLUCID_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
)
IDLE = """() => { const w = window.jupyterapp?.shell.currentWidget;
                  return w?.sessionContext?.session?.kernel?.status === 'idle' }"""
OPEN = """async path => {
    const panel = await window.jupyterapp.commands.execute(
        'docmanager:open', {path, factory: 'Notebook'});
    await panel.context.ready; await panel.sessionContext.ready;
}"""
CLOSE = """async () => { const panel = window.jupyterapp.shell.currentWidget;
                        await panel.sessionContext.shutdown(); panel.dispose(); }"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker starts the server and the browser, not each of them."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


def _lab_environment(home: Path) -> dict[str, str]:
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    # News on first start would cover the corner of the page.
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    source_roots = [ROOT / name for name in ("compiler", "kernel_ext", "widgets", "tests/support")]
    return dict(
        os.environ,
        PYTHONPATH=os.pathsep.join(map(str, source_roots)),
        PELLUCID_CACHE_DIR=str(home / "cache"),
        IPYTHONDIR=str(home / "ipython"),
        JUPYTER_CONFIG_DIR=str(home / "config"),
        JUPYTER_DATA_DIR=str(home / "data"),
        JUPYTER_RUNTIME_DIR=str(home / "runtime"),
        JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
    )


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    pytest.importorskip("jupyterlab")
    home = tmp_path_factory.mktemp("lab")
    root = home / "notebooks"
    root.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            command, env=_lab_environment(home), stdout=log, stderr=log, start_new_session=True
        )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail((home / "server.log").read_text())
        yield f"http://127.0.0.1:{port}", root
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no browser: install chromium or set PELLUCID_CHROMIUM")
    with playwright.sync_playwright() as api:
        browser = api.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def workspace(lab, chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{lab[0]}/lab?reset", wait_until="domcontentloaded")
    page.wait_for_function(
        "() => window.jupyterapp?.restored && document.querySelector('#jp-main-dock-panel')",
        timeout=60_000,
    )
    page.evaluate("() => window.jupyterapp.restored")
    # The file browser leaves a notebook too little width for the panels.
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    yield page
    page.close()


@pytest.fixture
def open_book(lab, workspace):
    """open_book(notebook) writes a notebook, opens it without running it, returns the page."""
    root, page = lab[1], workspace
    page.problems.clear()
    opened: list[str] = []

    def open_notebook(book: nbformat.NotebookNode):
        book.metadata.kernelspec = {
            "name": "python3", "display_name": "Python 3", "language": "python",
        }  # fmt: skip
        name = f"n{time.monotonic_ns()}.ipynb"
        nbformat.write(book, root / name)
        opened.append(name)
        page.evaluate(OPEN, name)
        page.wait_for_function(IDLE, timeout=60_000)
        return page

    yield open_notebook
    if opened:
        page.evaluate(CLOSE)
    assert not page.problems


@pytest.fixture
def notebook(open_book) -> Callable[..., object]:
    """notebook(*sources) opens a fresh notebook of these cells, runs it, and returns the page."""

    def open_and_run(*cells: str):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        page = open_book(book)
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_timeout(100)
        page.wait_for_function(IDLE, timeout=120_000)
        return page

    return open_and_run
