//! `Policy`: what is held back.

use iocpack::HoldReason;
use pyo3::prelude::*;

use crate::error;
use crate::set::indicator;
use crate::text::Text;

/// Why an indicator is held, and by which rule.
#[pyclass(frozen, eq, get_all, module = "iocpack")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    reason: String,
    rule: String,
    help: String,
}

impl Hold {
    pub(crate) fn of(hold: &iocpack::Hold) -> Hold {
        Hold {
            reason: hold.reason().code().to_owned(),
            rule: hold.rule().to_owned(),
            help: hold.reason().help().to_owned(),
        }
    }
}

#[pymethods]
impl Hold {
    fn __repr__(&self) -> String {
        format!("Hold({}: {})", self.reason, self.rule)
    }
}

/// The rules by which indicators are kept or held.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct Policy {
    pub(crate) inner: iocpack::Policy,
    #[pyo3(get)]
    problems: Vec<String>,
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (*, own=Vec::new(), allow_lists=Vec::new(),
        release=Vec::new(), hold_ipv6=false, hold_onion=false))]
    fn new(
        own: Vec<String>,
        allow_lists: Vec<(String, Bound<'_, PyAny>)>,
        release: Vec<String>,
        hold_ipv6: bool,
        hold_onion: bool,
    ) -> PyResult<Policy> {
        let mut builder = iocpack::Policy::builder();
        builder.hold_ipv6(hold_ipv6).hold_onion(hold_onion);
        for name in &own {
            builder.own(name).map_err(|err| error::of(&err))?;
        }
        for name in &release {
            let reason: HoldReason = name
                .parse()
                .map_err(|err| error::argument(format!("release: {err}")))?;
            builder.release(reason);
        }
        let mut problems = Vec::new();
        for (name, list) in &allow_lists {
            let list = Text::of("allow_lists", list)?;
            let found = builder
                .allow_list(name, list.as_bytes())
                .map_err(|err| error::of(&err))?;
            problems.extend(found.iter().map(ToString::to_string));
        }
        Ok(Policy { inner: builder.build(), problems })
    }

    /// The hold, or `None` for what is kept.
    fn judge(&self, item: &Bound<'_, PyAny>) -> PyResult<Option<Hold>> {
        let it = indicator("item", item)?;
        Ok(self.inner.judge(&it).hold().map(Hold::of))
    }
}
