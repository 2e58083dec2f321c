//! The SQL of figures: it reads the tables of every module, which only this folder may (the sanctioned exception of
//! ARCHITECTURE.md), and writes none but `report_snapshots`, `report_standings`, `report_parameters` and those of what-if.

pub(super) mod closing;
pub(super) mod compliance;
pub(super) mod desk;
pub(super) mod inventory;
pub(super) mod ledger;
pub(super) mod pace;
pub(super) mod providers;
pub(super) mod snapshots;
pub(super) mod standings;
pub(super) mod what_if;
mod yardstick;
