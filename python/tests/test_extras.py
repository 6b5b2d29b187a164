"""The package where what it can do without is missing."""

import subprocess
import sys

import pytest

EXTRAS = ("numpy", "pandas", "polars", "pyarrow", "pyspark")


def run(missing, code):
    """The code in a new interpreter that has none of these modules."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({missing!r}))\n"
    return subprocess.run(
        [sys.executable, "-c", hide + code], capture_output=True, text=True
    )


def test_nothing_else_is_imported():
    code = (
        "import iocpack\n"
        "from iocpack import *\n"
        "assert [it.value for it in scan('192.0.2.1')] == ['192.0.2.1']\n"
        "import inspect, pydoc\n"
        "assert 'scan_arrow' in dict(inspect.getmembers(iocpack))\n"
        "assert 'pyarrow' in pydoc.render_doc(iocpack.scan_arrow)\n"
        "from iocpack.compat import iocextract, ioc_finder\n"
        "assert list(iocextract.extract_ips('192.0.2.1')) == ['192.0.2.1']\n"
        f"print(*sorted(set({EXTRAS!r}) & set(sys.modules)))\n"
    )
    done = run((), code)
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr
    done = run(EXTRAS, code)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "missing, code, extra",
    [
        ("pyarrow", "import iocpack; iocpack.scan_arrow({}, 'x')", "arrow"),
        ("pyarrow", "import iocpack.arrow", "arrow"),
        ("pyarrow", "import iocpack.spark", "spark"),
        ("pyspark", "import iocpack.spark", "spark"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(missing, code, extra):
    if missing == "pyspark":
        pytest.importorskip("pyarrow", reason="no pyarrow")
    done = run([missing], code)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("ModuleNotFoundError: ") and missing in last
    assert last.endswith(f"pip install 'iocpack[{extra}]'")
