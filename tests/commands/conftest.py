"""Tests are coroutines, as those of `tests/http`."""

from tests.http.conftest import pytest_pyfunc_call

__all__ = ["pytest_pyfunc_call"]
