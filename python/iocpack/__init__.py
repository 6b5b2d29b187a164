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
"""

from ._core import FileMatches, Match, UrlId, scan, scan_file, url_id
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
    "Error",
    "FileMatches",
    "FormatError",
    "InvalidError",
    "LimitError",
    "Match",
    "TextError",
    "UrlId",
    "scan",
    "scan_file",
    "url_id",
]
