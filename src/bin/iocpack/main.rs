//! The `iocpack` command.

fn main() {}
