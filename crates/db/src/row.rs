//! What comes out of a statement: rows, and how columns become our types.
//!
//! A [`Row`] owns its columns in two buffers that the next row reuses, so both engines decode on one
//! path and a scan allocates only what it keeps.

use kernel::{Code, CreditCode, Date, Error, Hours, Id, Money, Result, Seconds, Time};
use postgres_types::{FromSql, Type};

/// One column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<'a> {
    /// SQL null.
    Null,
    /// An integer; a PostgreSQL boolean comes as 0 or 1.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Int(i64),
    Text(usize, usize),
    Blob(usize, usize),
}

/// One row of a result.
#[derive(Debug, Default)]
pub struct Row {
    cells: Vec<Cell>,
    text: String,
    bytes: Vec<u8>,
}

impl Row {
    /// How many columns the row has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    /// A column as it came, counted from zero.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn column(&self, index: usize) -> Result<Column<'_>> {
        Ok(match self.cells.get(index) {
            Some(Cell::Null) => Column::Null,
            Some(Cell::Int(value)) => Column::Int(*value),
            Some(Cell::Text(from, to)) => Column::Text(&self.text[*from..*to]),
            Some(Cell::Blob(from, to)) => Column::Blob(&self.bytes[*from..*to]),
            None => {
                return Err(Error::broken(format!(
                    "a row of {} columns has no column {index}",
                    self.width()
                )));
            }
        })
    }

    /// A column as one of our types, counted from zero.
    ///
    /// # Errors
    /// When the column is absent or holds something else; the message names types, never the content.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T> {
        let column = self.column(index)?;
        T::from_value(column).ok_or_else(|| {
            let kind = match column {
                Column::Null => "null",
                Column::Int(_) => "an integer",
                Column::Text(_) => "a text",
                Column::Blob(_) => "bytes",
            };
            Error::broken(format!(
                "column {index} holds {kind} that is no {}",
                std::any::type_name::<T>()
            ))
        })
    }

    /// A column with the code of a closed vocabulary.
    ///
    /// # Errors
    /// When the column holds no code of it.
    pub fn code<C: Code>(&self, index: usize) -> Result<C> {
        self.code_opt(index)?
            .ok_or_else(|| Error::broken(format!("column {index} is null, not a code")))
    }

    /// A column with a code, or null.
    ///
    /// # Errors
    /// When the column holds neither null nor a code of the vocabulary.
    pub fn code_opt<C: Code>(&self, index: usize) -> Result<Option<C>> {
        match self.column(index)? {
            Column::Null => Ok(None),
            Column::Text(code) if C::from_code(code).is_some() => Ok(C::from_code(code)),
            _ => Err(Error::broken(format!(
                "column {index} holds no {}",
                std::any::type_name::<C>()
            ))),
        }
    }

    /// A column with a JSON document, read into its type.
    ///
    /// # Errors
    /// When the column is no such document.
    pub fn json<T: serde::de::DeserializeOwned>(&self, index: usize) -> Result<T> {
        match self.column(index)? {
            Column::Text(text) => serde_json::from_str(text)
                .map_err(|_| Error::broken(format!("column {index} is no {}", std::any::type_name::<T>()))),
            _ => Err(Error::broken(format!("column {index} holds no JSON text"))),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.text.clear();
        self.bytes.clear();
    }

    fn push_text(&mut self, value: &str) {
        let from = self.text.len();
        self.text.push_str(value);
        self.cells.push(Cell::Text(from, self.text.len()));
    }

    fn push_bytes(&mut self, value: &[u8]) {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.cells.push(Cell::Blob(from, self.bytes.len()));
    }

    pub(crate) fn fill_from_sqlite(&mut self, row: &rusqlite::Row<'_>, width: usize) -> Result<()> {
        use rusqlite::types::ValueRef;
        self.clear();
        for index in 0..width {
            match row.get_ref(index).map_err(Error::broken)? {
                ValueRef::Null => self.cells.push(Cell::Null),
                ValueRef::Integer(value) => self.cells.push(Cell::Int(value)),
                ValueRef::Text(value) => match std::str::from_utf8(value) {
                    Ok(text) => self.push_text(text),
                    Err(_) => return Err(Error::broken(format!("column {index} holds a text that is no UTF-8"))),
                },
                ValueRef::Blob(value) => self.push_bytes(value),
                ValueRef::Real(_) => {
                    return Err(Error::broken(format!("column {index} is a float; cast it to bigint")));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn fill_from_postgres(&mut self, row: &tokio_postgres::Row) -> Result<()> {
        self.clear();
        for index in 0..row.len() {
            let raw: Option<Raw<'_>> = row.try_get(index).map_err(|_| {
                let ty = row.columns()[index].type_().name();
                Error::broken(format!("column {index} is {ty}; cast it to bigint, text or bytea"))
            })?;
            match raw {
                None => self.cells.push(Cell::Null),
                Some(Raw::Int(value)) => self.cells.push(Cell::Int(value)),
                Some(Raw::Text(value)) => self.push_text(value),
                Some(Raw::Bytes(value)) => self.push_bytes(value),
            }
        }
        Ok(())
    }
}

/// A column in PostgreSQL's binary form.
enum Raw<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Self::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Self::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Self::Int(i64::from(raw.first().is_some_and(|b| *b != 0))),
            Type::BYTEA => Self::Bytes(raw),
            _ => Self::Text(std::str::from_utf8(raw)?),
        })
    }

    fn accepts(ty: &Type) -> bool {
        use postgres_types::Type as T;
        matches!(
            *ty,
            T::INT8 | T::INT4 | T::INT2 | T::BOOL | T::BYTEA | T::TEXT | T::VARCHAR | T::BPCHAR | T::NAME
        )
    }
}

/// A type that one column can become.
pub trait FromValue: Sized + Send {
    /// Reads the column; `None` when it holds something else.
    fn from_value(column: Column<'_>) -> Option<Self>;
}

/// A type that one row can become: written by hand in a `store.rs` for a named struct, or a tuple.
pub trait FromRow: Sized + Send {
    /// Reads the row.
    ///
    /// # Errors
    /// When a column is absent or holds something else.
    fn from_row(row: &Row) -> Result<Self>;
}

/// A closed vocabulary as a column of a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coded<C>(pub C);

impl<C: Code + Send> FromValue for Coded<C> {
    fn from_value(column: Column<'_>) -> Option<Self> {
        text(column).and_then(C::from_code).map(Self)
    }
}

fn int(column: Column<'_>) -> Option<i64> {
    match column {
        Column::Int(value) => Some(value),
        _ => None,
    }
}

fn text<'a>(column: Column<'a>) -> Option<&'a str> {
    match column {
        Column::Text(value) => Some(value),
        _ => None,
    }
}

/// Reads a type from a column, alone in a row and among others.
macro_rules! readable {
    ($($type:ty: $column:ident => $read:expr;)*) => {$(
        impl FromValue for $type {
            fn from_value($column: Column<'_>) -> Option<Self> { $read }
        }
        impl FromRow for $type {
            fn from_row(row: &Row) -> Result<Self> { row.get(0) }
        }
    )*};
}

readable! {
    i64: column => int(column);
    i32: column => int(column)?.try_into().ok();
    u32: column => int(column)?.try_into().ok();
    u16: column => int(column)?.try_into().ok();
    bool: column => match int(column)? { 0 => Some(false), 1 => Some(true), _ => None };
    Hours: column => int(column).map(Hours::hundredths);
    Money: column => int(column).map(Money::fen);
    Seconds: column => int(column).map(Seconds::new);
    Time: column => int(column).map(Time::from_micros);
    Date: column => text(column)?.parse().ok();
    String: column => text(column).map(str::to_owned);
    CreditCode: column => CreditCode::parse(text(column)?, true).ok();
    serde_json::Value: column => serde_json::from_str(text(column)?).ok();
    Vec<u8>: column => match column { Column::Blob(value) => Some(value.to_vec()), _ => None };
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Blob(value) => value.try_into().ok(),
            _ => None,
        }
    }
}

impl<T> FromValue for Id<T> {
    fn from_value(column: Column<'_>) -> Option<Self> {
        int(column).map(Self::new)
    }
}
impl<T> FromRow for Id<T> {
    fn from_row(row: &Row) -> Result<Self> {
        row.get(0)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
impl<T: FromValue> FromRow for Option<T> {
    fn from_row(row: &Row) -> Result<Self> {
        row.get(0)
    }
}

macro_rules! tuples {
    ($($name:ident $index:tt),*; $last:ident $at:tt $(, $more:ident $place:tt)*) => {
        tuples!(@one $($name $index),*);
        tuples!($($name $index,)* $last $at; $($more $place),*);
    };
    ($($name:ident $index:tt),*;) => { tuples!(@one $($name $index),*); };
    (@one $($name:ident $index:tt),+) => {
        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row) -> Result<Self> { Ok(($(row.get::<$name>($index)?,)+)) }
        }
    };
}
tuples!(A 0; B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
