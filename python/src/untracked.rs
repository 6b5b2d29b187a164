//! Objects that the garbage collector need not look at.
#![expect(unsafe_code, reason = "PyO3 tracks the objects of every class")]

use pyo3::prelude::*;
use pyo3::pyclass::boolean_struct::True;
use pyo3::{PyClass, ffi};

/// An object to be that holds no other object, so that it is in no cycle.
///
/// Every object of a class is looked at whenever the garbage collector runs,
/// which it does the more often the more of them are made: a tenth of the
/// time of a scan.
pub(crate) struct Untracked<T>(pub(crate) T);

impl<'py, T> IntoPyObject<'py> for Untracked<T>
where
    T: PyClass<Frozen = True> + Into<PyClassInitializer<T>>,
{
    type Target = T;
    type Output = Bound<'py, T>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, T>> {
        let it = Bound::new(py, self.0)?;
        // SAFETY: an object of a class of PyO3, which is allocated by the
        // garbage collector and may be taken from its list at any time; it
        // is freed when nothing refers to it, as before.
        unsafe { ffi::PyObject_GC_UnTrack(it.as_ptr().cast()) };
        Ok(it)
    }
}
