//! Charts drawn on the server as SVG: no script, no inline style, printable, each with its data as a table.
//! The title states the finding (`已完成 214.6 万人次，按现有速度 2029 年达标`), not the subject.
//! Positions are percentages and text is in pixels, so that a chart reads the same at 390 and 1366 pixels.
//! Values are whole numbers in the unit the caller names; geometry is computed in integers, so no NaN can arise.

mod bars;
mod burn_up;
mod districts;
mod figure;
mod heat;
mod multiples;
mod ring;
mod scale;
mod spark;

pub use bars::{Bar, Bars, Stack, Stacks};
pub use burn_up::{BurnUp, Forecast, Point};
pub use districts::{DISTRICTS, Districts};
pub use figure::{Chart, ChartData};
pub use heat::Heat;
pub use multiples::{Multiple, Multiples};
pub use ring::ring;
pub use spark::sparkline;
