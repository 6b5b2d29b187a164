//! `pack`.
use crate::{
    args::PackArgs,
    exit::{Exit, Failure},
    talk::Talk,
};
pub(crate) fn run(_args: &PackArgs, _talk: &Talk) -> Result<Exit, Failure> {
    Err(Failure::new("later"))
}
