//! How much of the key's quota is left, as the server counts.

use serde::Deserialize;

use super::found;
use super::{Client, Clock, Stop, Transport};
use crate::payload::{Method, Request};

/// What a user may send, and has sent.
///
/// Reading it costs a request itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// Of the hour.
    pub hourly: Option<Allowance>,
    /// Of the day, which starts at 00:00 UTC.
    pub daily: Option<Allowance>,
    /// Of the month, which starts at 00:00 UTC on the 1st.
    pub monthly: Option<Allowance>,
}

/// Requests that are allowed in some time, and those that were sent in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Allowance {
    /// The most that may be sent.
    pub allowed: u64,
    /// What was sent.
    pub used: u64,
}

impl Allowance {
    /// What is left of it.
    #[must_use]
    pub fn left(self) -> u64 {
        self.allowed.saturating_sub(self.used)
    }
}

#[derive(Deserialize)]
struct Body {
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(rename = "api_requests_hourly")]
    hourly: Of,
    #[serde(rename = "api_requests_daily")]
    daily: Of,
    #[serde(rename = "api_requests_monthly")]
    monthly: Of,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    user: Option<Allowance>,
}

impl<T: Transport, C: Clock> Client<'_, T, C> {
    /// What a user has left.
    ///
    /// The user is named by id. The API takes the key in its place as well,
    /// which is not done here: paths end up in logs.
    ///
    /// # Errors
    ///
    /// Why it was not read.
    pub fn quota(&mut self, user: &str) -> Result<Quota, Stop> {
        let path = format!("/users/{}/overall_quotas", found::query(user));
        let request = Request { method: Method::Get, path, body: None };
        let response = self.call(&request)?;
        let Ok(Body { data }) = serde_json::from_slice(response.body()) else {
            return Err(Stop::Transient(
                "200 with a body that is no quota".into(),
            ));
        };
        Ok(Quota {
            hourly: data.hourly.user,
            daily: data.daily.user,
            monthly: data.monthly.user,
        })
    }
}
