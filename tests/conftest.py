"""Options of the whole suite."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite golden files")


@pytest.fixture
def update_goldens(request):
    """Whether golden files are rewritten rather than compared."""
    return request.config.getoption("--update")
