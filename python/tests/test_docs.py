"""The examples of the documentation."""

import doctest
import importlib

import pytest


COMPAT = ["iocpack.compat.iocextract", "iocpack.compat.ioc_finder"]


@pytest.mark.parametrize("name", ["iocpack", "iocpack.arrow"] + COMPAT)
def test_the_examples_of_a_module_hold(name):
    if name == "iocpack.arrow":
        pytest.importorskip("pyarrow", reason="no pyarrow")
    module = importlib.import_module(name)
    done = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0
