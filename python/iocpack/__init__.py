"""Indicators of compromise from raw text, and VirusTotal collections of them.

Works offline: nothing here opens a socket.

>>> import iocpack
>>> text = "c2 at hxxps://login[.]example[.]com/a, also 192.0.2.7"
>>> for it in iocpack.scan(text):
...     print(it.start, it.end, it.type, it.value)
6 37 url https://login.example.com/a
44 53 ipv4 192.0.2.7
>>> text[6:37]
'hxxps://login[.]example[.]com/a'

Offsets count code points in ``str`` and bytes in ``bytes``; ``byte_start``
and ``byte_end`` always count bytes of UTF-8. A set owns each indicator once,
a policy says which to hold back, a collection makes the requests:

>>> found = iocpack.IndicatorSet()
>>> found.scan("c2: evil[.]example[.]com, then 9.9.9.9 and 10.0.0.7")
3
>>> found.hold(iocpack.Policy())
[(Indicator('ipv4', '10.0.0.7'), Hold(private-address: 10.0.0.0/8, \
private use (RFC 1918)))]
>>> plan = iocpack.Collection("Grey Heron", "An invented campaign").plan(found)
>>> plan.requests
[Request(POST /collections)]
>>> plan.counts
{'domains': 1, 'urls': 0, 'ips': 1, 'hashes': 0}

What VirusTotal would make of a bulk text, and of a payload written elsewhere:

>>> iocpack.check("WWW[.]example[.]com\\nno item here\\n").findings
[Finding(1:1 domain changed refanged), Finding(2:1 text rejected no-indicator)]
>>> iocpack.lint(plan.requests[0].body).is_clean
True
>>> iocpack.url_id("hxxps://Example[.]com/").certainty
'proven'

Arrow batches, Polars and pandas: :mod:`iocpack.arrow`. Spark:
:mod:`iocpack.spark`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._core import (
    Collection,
    FileMatches,
    Finding,
    Hold,
    Indicator,
    IndicatorSet,
    LintFinding,
    LintReport,
    Match,
    Plan,
    Policy,
    Report,
    Request,
    UrlId,
    check,
    lint,
    scan,
    scan_file,
    url_id,
)
from ._errors import (
    ArgumentError,
    Error,
    FormatError,
    InvalidError,
    LimitError,
    TextError,
)

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "Collection",
    "Error",
    "FileMatches",
    "Finding",
    "FormatError",
    "Hold",
    "Indicator",
    "IndicatorSet",
    "InvalidError",
    "LimitError",
    "LintFinding",
    "LintReport",
    "Match",
    "Plan",
    "Policy",
    "Report",
    "Request",
    "TextError",
    "UrlId",
    "check",
    "lint",
    "scan",
    "scan_arrow",
    "scan_file",
    "url_id",
]

if TYPE_CHECKING:
    from pyarrow import RecordBatch


def scan_arrow(
    batch: Any, column: str, keep: Sequence[str] = (), **options: Any
) -> RecordBatch:
    """The matches of a column of texts, a row each: see
    :func:`iocpack.arrow.scan_arrow`. Needs pyarrow.
    """
    # It takes longer to import than all the rest, and may be missing.
    from . import arrow

    return arrow.scan_arrow(batch, column, keep, **options)
