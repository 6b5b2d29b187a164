//! A column of an Arrow batch, read in place through the Arrow C data
//! interface.
//!
//! Unsafe, as `ascii.rs` and `untracked.rs` are: two structures of the
//! interface's specification, and the buffers that they point to.
#![expect(unsafe_code, reason = "memory that another library owns")]

use std::ffi::{CStr, c_char, c_void};
use std::marker::PhantomData;
use std::slice;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// `struct ArrowSchema`; only `format` is looked at.
#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: *const c_void,
    private_data: *mut c_void,
}

/// `struct ArrowArray`.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: *const c_void,
    private_data: *mut c_void,
}

/// Offsets of the values in the data buffer, one more than there are values.
#[derive(Clone, Copy)]
enum Offsets<'a> {
    Short(&'a [i32]),
    Long(&'a [i64]),
}

/// The texts of a column of strings or binary values, borrowed from the
/// capsules that the column was handed over in.
#[derive(Clone, Copy)]
pub(crate) struct Column<'a> {
    len: usize,
    /// Bits from this one on say which values are not null.
    offset: usize,
    validity: Option<&'a [u8]>,
    offsets: Offsets<'a>,
    data: *const u8,
    of: PhantomData<&'a [u8]>,
}

// SAFETY: buffers of the interface are immutable while the array is not
// released, and it is not while the capsule lives, which `'a` borrows.
unsafe impl Send for Column<'_> {}
// SAFETY: as above; a shared reference reads only.
unsafe impl Sync for Column<'_> {}

impl<'a> Column<'a> {
    /// Reads the capsules that `__arrow_c_array__` returns.
    ///
    /// # Errors
    ///
    /// `TypeError` if they hold anything but strings or binary values.
    pub(crate) fn of(
        schema: &'a Bound<'_, PyCapsule>,
        array: &'a Bound<'_, PyCapsule>,
    ) -> PyResult<Column<'a>> {
        let schema = schema.pointer_checked(Some(c"arrow_schema"))?;
        let array = array.pointer_checked(Some(c"arrow_array"))?;
        // SAFETY: capsules of these names point to these structures, by the
        // specification of the PyCapsule interface; they are not freed while
        // the capsules live.
        let (schema, array) = unsafe {
            (schema.cast::<Schema>().as_ref(), array.cast::<Array>().as_ref())
        };
        let bad = |what: &str| PyTypeError::new_err(what.to_owned());
        if schema.release.is_null() || array.release.is_null() {
            return Err(bad("array: it was handed over before"));
        }
        // SAFETY: `format` is a NUL-terminated string of a schema that is not
        // released.
        let format = unsafe { CStr::from_ptr(schema.format) };
        let is_long = match format.to_bytes() {
            b"u" | b"z" => false,
            b"U" | b"Z" => true,
            _ => return Err(bad("array: expected strings or binary values")),
        };
        let (Ok(len), Ok(offset)) =
            (usize::try_from(array.length), usize::try_from(array.offset))
        else {
            return Err(bad("array: its length is negative"));
        };
        if array.n_buffers != 3 || array.buffers.is_null() {
            return Err(bad("array: expected 3 buffers"));
        }
        // SAFETY: `buffers` has `n_buffers` pointers.
        let buffers = unsafe { slice::from_raw_parts(array.buffers, 3) };
        let (validity, at, data) =
            (buffers[0].cast::<u8>(), buffers[1], buffers[2].cast::<u8>());
        let offsets = match (len, is_long) {
            // The offsets of an array without values may be absent.
            (0, _) => Offsets::Short(&[0]),
            _ if at.is_null() => return Err(bad("array: it has no offsets")),
            // SAFETY: the buffer has `offset + length + 1` of them, aligned.
            (_, false) => Offsets::Short(unsafe {
                slice::from_raw_parts(at.cast::<i32>().add(offset), len + 1)
            }),
            // SAFETY: as above.
            (_, true) => Offsets::Long(unsafe {
                slice::from_raw_parts(at.cast::<i64>().add(offset), len + 1)
            }),
        };
        let is_whole = validity.is_null() || array.null_count == 0;
        let validity = (!is_whole).then(|| {
            // SAFETY: a bitmap has a bit for each value, those before the
            // offset included.
            unsafe {
                slice::from_raw_parts(validity, (offset + len).div_ceil(8))
            }
        });
        let column =
            Column { len, offset, validity, offsets, data, of: PhantomData };
        if !column.is_ordered() {
            return Err(bad("array: its offsets fall"));
        }
        Ok(column)
    }

    /// The number of values, null or not.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The value at `at`; `None` if it is null.
    pub(crate) fn get(&self, at: usize) -> Option<&'a [u8]> {
        let bit = self.offset + at;
        let is_null = |bits: &[u8]| bits[bit / 8] & 1 << (bit % 8) == 0;
        if self.validity.is_some_and(is_null) {
            return None;
        }
        let (start, end) = self.bounds(at)?;
        if start == end || self.data.is_null() {
            return Some(&[]);
        }
        // SAFETY: the data buffer is at least as long as the last offset, and
        // the offsets rise, which was checked.
        Some(unsafe {
            slice::from_raw_parts(self.data.add(start), end - start)
        })
    }

    fn bounds(&self, at: usize) -> Option<(usize, usize)> {
        Some(match self.offsets {
            Offsets::Short(of) => {
                (of[at].try_into().ok()?, of[at + 1].try_into().ok()?)
            }
            Offsets::Long(of) => {
                (of[at].try_into().ok()?, of[at + 1].try_into().ok()?)
            }
        })
    }

    /// Whether no offset is negative or less than the one before.
    fn is_ordered(&self) -> bool {
        match self.offsets {
            Offsets::Short(of) => of[0] >= 0 && of.is_sorted(),
            Offsets::Long(of) => of[0] >= 0 && of.is_sorted(),
        }
    }
}
