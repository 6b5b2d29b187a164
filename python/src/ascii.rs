//! The bytes of an ASCII `str`, without a copy.
#![expect(
    unsafe_code,
    reason = "an interpreter's function that may be absent"
)]

use std::ffi::{CStr, c_char, c_void};
use std::mem;
use std::slice;
use std::sync::OnceLock;

use pyo3::ffi::{Py_ssize_t, PyObject};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// `PyUnicode_AsUTF8AndSize`.
type AsUtf8 =
    unsafe extern "C" fn(*mut PyObject, *mut Py_ssize_t) -> *const c_char;

/// The bytes of a `str` if they stand in it as they are: if it is ASCII. The
/// UTF-8 of another would be made, and kept for as long as the `str` is.
///
/// `None` where the interpreter does not say.
pub(crate) fn bytes_of<'a>(text: &'a Bound<'_, PyString>) -> Option<&'a [u8]> {
    let as_utf8 = as_utf8()?;
    let is_ascii = text.call_method0(intern!(text.py(), "isascii")).ok()?;
    if !is_ascii.is_truthy().ok()? {
        return None;
    }
    let mut len = 0;
    // SAFETY: a `str`, and a place for its length.
    let data = unsafe { as_utf8(text.as_ptr(), &raw mut len) };
    let len = usize::try_from(len).ok()?;
    if data.is_null() {
        // No memory: an exception is set. The other way will say so.
        drop(PyErr::take(text.py()));
        return None;
    }
    // SAFETY: the `str` has `len` bytes at `data` for as long as it lives,
    // which `'a` borrows, and it is immutable.
    Some(unsafe { slice::from_raw_parts(data.cast(), len) })
}

/// The function, which is no part of the stable interface of Python 3.9:
/// there it is looked for by its name, which a library that is linked cannot
/// do.
fn as_utf8() -> Option<AsUtf8> {
    static FOUND: OnceLock<Option<AsUtf8>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let found = symbol(c"PyUnicode_AsUTF8AndSize");
        // SAFETY: the function of that name has had this type since Python
        // 3.3 (and returned `char *` before 3.7).
        (!found.is_null())
            .then(|| unsafe { mem::transmute::<*mut c_void, AsUtf8>(found) })
    })
}

/// Where the process has a function of that name.
#[cfg(unix)]
fn symbol(name: &CStr) -> *mut c_void {
    // SAFETY: the handle for whatever is loaded, and a string that ends in
    // NUL.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
}

#[cfg(not(unix))]
fn symbol(_: &CStr) -> *mut c_void {
    std::ptr::null_mut()
}
