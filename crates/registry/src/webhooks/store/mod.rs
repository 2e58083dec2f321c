//! The SQL of webhooks, one file per table. Nobody else reads or writes these tables.

pub(super) mod deliveries;
pub(super) mod endpoints;
