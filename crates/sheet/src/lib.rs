//! Spreadsheets in constant memory: uploads read as a stream of rows, lists, templates and error workbooks written row by row.
//!
//! Recipe for an import:
//! ```no_run
//! # fn main() -> Result<(), sheet::Problem> {
//! use sheet::{Column, ErrorBook, Fault, Limits, Source};
//! let columns = [Column::new("name", "姓名").required(), Column::new("id", "证件号码").required().text()];
//! let source = Source::open("roster.xlsx".as_ref(), &Limits::default())?;
//! let (mapping, rows) = source.table(&columns)?; // finds the heading, says which columns are missing
//! let mut faults = Vec::new();
//! for row in rows {
//!     let row = row?;
//!     if mapping.cell(&row, "id").is_lossy() {
//!         faults.push(Fault::at(row.number, mapping.index("id"), "证件号码被存成了数字，末几位已经丢失"));
//!     }
//! }
//! let mut back = std::fs::File::create("errors.xlsx").map_err(sheet::Problem::unwritable)?;
//! ErrorBook::new(&source, &mapping, &columns).write(faults, &mut back)?;
//! # Ok(()) }
//! ```
//! Recipe for an export: [`Writer::create`], [`Writer::row`] as often as needed, [`Writer::banner`], [`Writer::finish_into`].
//! Recipe for a template: [`template`]; for one with rows to go on from: [`filled`].
//!
//! What a hostile upload meets, in this order: the size of the file; its first bytes; the directory of the archive
//! (count, duplicates, overlaps, encryption, external links, declared sizes and ratio); and, while reading, the sizes
//! that really come out of the inflater, the length of one piece of XML, its nesting, and the limits on rows, columns,
//! cells and shared strings. Document types are refused, so no entity is ever declared, let alone expanded.
//! Whatever a workbook says about its own dimensions is not read at all. Macros are never looked at.
//!
//! Deliberately absent: evaluation of formulas (the value that Excel stored is taken), styles other than number formats,
//! merged cells (only the first cell of a merge has content), the old .xls and .xlsb formats, and every rule about
//! what a cell ought to contain. This crate knows nothing of the house around it.
//!
//! The reader of .xlsx is our own, on quick-xml, rather than calamine: calamine keeps every shared string as a `String`
//! of its own, cannot bound what a part inflates to, and loads styles and strings before a caller may say no.
//! The tests read the same files with calamine and compare.

mod archive;
mod cell;
mod columns;
mod csv_writer;
mod decoded;
mod delimited;
mod dropdowns;
mod error_book;
mod field;
mod grid;
mod heading;
mod limits;
mod numbers;
mod problem;
mod sniff;
mod source;
mod strings;
mod styles;
mod template;
mod workbook;
mod writer;
mod xml;

pub use cell::{Cell, Row, letters, normal};
pub use columns::Column;
pub use csv_writer::CsvWriter;
pub use error_book::{ErrorBook, Fault, Summary};
pub use field::{Field, Value};
pub use heading::{ERROR_TITLE, Mapping, columns};
pub use limits::Limits;
pub use problem::{Foreign, Hazard, Problem};
pub use source::{Kind, Rows, Source};
pub use template::{filled, template};
pub use writer::Writer;
