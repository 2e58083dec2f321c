//! Charts drawn on the server as SVG: no script, no inline style, printable, each with its data as a table.
//! The title states the finding (`已完成 214.6 万人次，按现有速度 2029 年达标`), not the subject.
//! Positions are percentages and text is in pixels, so that a chart reads the same at 390 and 1366 pixels.
//! Values are whole numbers in the unit the caller names; geometry is computed in integers, so no NaN can arise.

mod spark;

pub use spark::sparkline;
