"""Tests may be coroutines, as those of the HTTP edge are."""

from tests.http.conftest import pytest_pyfunc_call

__all__ = ["pytest_pyfunc_call"]
