"""The exceptions of this package."""


class Error(Exception):
    """What every exception of this package is."""


class ArgumentError(Error, ValueError):
    """An argument is of the right type, and not valid."""


class InvalidError(Error, ValueError):
    """A value is no indicator."""


class TextError(Error, ValueError):
    """A ``str`` holds a lone surrogate: it is no Unicode text."""


class FormatError(Error, ValueError):
    """A structured input (JSON, an allow-list) does not parse."""


class LimitError(Error, ValueError):
    """A stated limit of items or bytes was passed."""
