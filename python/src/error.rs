//! The exceptions, which `iocpack/_errors.py` declares: Python alone can give
//! them two bases.

use iocpack::{Error, Invalid};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

mod raised {
    pyo3::import_exception!(iocpack._errors, ArgumentError);
    pyo3::import_exception!(iocpack._errors, FormatError);
    pyo3::import_exception!(iocpack._errors, InvalidError);
    pyo3::import_exception!(iocpack._errors, LimitError);
    pyo3::import_exception!(iocpack._errors, TextError);
}

/// An argument that is of the right type and not valid.
pub(crate) fn argument(message: String) -> PyErr {
    raised::ArgumentError::new_err(message)
}

/// A `str` that is no Unicode text.
pub(crate) fn text(message: String) -> PyErr {
    raised::TextError::new_err(message)
}

/// A stated limit was passed.
pub(crate) fn limit(message: String) -> PyErr {
    raised::LimitError::new_err(message)
}

/// A value that is no indicator.
pub(crate) fn invalid(message: String) -> PyErr {
    raised::InvalidError::new_err(message)
}

/// A value that is no indicator, by the library's word.
pub(crate) fn of_invalid(argument: &str, err: Invalid) -> PyErr {
    invalid(format!("{argument}: {err}"))
}

/// What an operation of the library failed with.
pub(crate) fn of(err: &Error) -> PyErr {
    let message = err.to_string();
    if err.is_io() {
        PyOSError::new_err(message)
    } else if err.is_limit() {
        limit(message)
    } else if err.is_syntax() {
        raised::FormatError::new_err(message)
    } else {
        argument(message)
    }
}
