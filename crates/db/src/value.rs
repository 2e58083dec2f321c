//! What goes into a statement: four kinds of value, and how our types become them.
//!
//! Columns hold `bigint`, `text` and `bytea`/`blob` and nothing else (house rules of storage), so a
//! value is an integer, a text, bytes, or nothing. PostgreSQL is told so: a value bound where it
//! expects another type (say `integer`) is refused with a sentence that names the cast to write,
//! instead of eight bytes being sent where four are read.
//! Deliberately absent: floats, timestamps, arrays, driver-specific types.

use std::{borrow::Cow, error::Error as StdError};

use bytes::BytesMut;
use kernel::{Code, CreditCode, Date, Hours, Id, Money, Seconds, Time};
use postgres_types::{IsNull, ToSql, Type, to_sql_checked};

/// One argument of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// SQL null.
    #[default]
    Null,
    /// A `bigint`: ids, microseconds, hundredths of 学时, 分, 0/1.
    Int(i64),
    /// A `text`: names, codes, ISO dates, JSON.
    Text(String),
    /// A `bytea`/`blob`: hashes, salts, sealed data.
    Blob(Vec<u8>),
}

/// The arguments of a statement as `&[Value]`: `args![id, "text", Some(3), time]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] as &[$crate::Value] };
}

/// The code of a closed vocabulary as an argument: `args![id, code(Subject::Public)]`.
#[must_use]
pub fn code<C: Code>(value: C) -> Value {
    Value::Text(value.code().to_owned())
}

macro_rules! from_integer {
    ($($type:ty),*) => {$(
        impl From<$type> for Value { fn from(value: $type) -> Self { Self::Int(i64::from(value)) } }
    )*};
}
from_integer!(i64, i32, i16, i8, u32, u16, u8, bool);

macro_rules! from_get {
    ($($type:ty => $get:ident),*) => {$(
        impl From<$type> for Value { fn from(value: $type) -> Self { Self::Int(value.$get()) } }
    )*};
}
from_get!(Hours => get, Money => get, Seconds => get, Time => micros);

impl<T> From<Id<T>> for Value {
    fn from(value: Id<T>) -> Self {
        Self::Int(value.get())
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<Cow<'_, str>> for Value {
    fn from(value: Cow<'_, str>) -> Self {
        Self::Text(value.into_owned())
    }
}
/// ISO, `2026-03-05`: sorts as it reads.
impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Text(value.format("%Y-%m-%d").to_string())
    }
}
impl From<CreditCode> for Value {
    fn from(value: CreditCode) -> Self {
        Self::Text(value.as_str().to_owned())
    }
}
impl From<&CreditCode> for Value {
    fn from(value: &CreditCode) -> Self {
        Self::Text(value.as_str().to_owned())
    }
}
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        Self::Text(value.to_string())
    }
}
impl From<&serde_json::Value> for Value {
    fn from(value: &serde_json::Value) -> Self {
        Self::Text(value.to_string())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}
impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Blob(value.to_vec())
    }
}
impl<const N: usize> From<&[u8; N]> for Value {
    fn from(value: &[u8; N]) -> Self {
        Self::Blob(value.to_vec())
    }
}
impl From<&Value> for Value {
    fn from(value: &Value) -> Self {
        value.clone()
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT8) => out.extend_from_slice(&value.to_be_bytes()),
            (Self::Text(value), &Type::TEXT | &Type::VARCHAR) => out.extend_from_slice(value.as_bytes()),
            (Self::Blob(value), &Type::BYTEA) => out.extend_from_slice(value),
            (value, ty) => {
                return Err(Mismatch {
                    kind: value.kind(),
                    wanted: ty.name().to_owned(),
                }
                .into());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

impl Value {
    /// What it is, without what it says: for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Text(_) => "a text",
            Self::Blob(_) => "bytes",
        }
    }
}

/// A value met a parameter of another type.
#[derive(Debug)]
struct Mismatch {
    kind: &'static str,
    wanted: String,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} was bound where PostgreSQL expects {}", self.kind, self.wanted)
    }
}

impl StdError for Mismatch {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_never_sent_where_four_bytes_are_read() {
        assert!(!<Value as ToSql>::accepts(&Type::INT4));
        assert!(!<Value as ToSql>::accepts(&Type::NUMERIC));
        let mut out = BytesMut::new();
        assert!(Value::Int(1).to_sql(&Type::TEXT, &mut out).is_err());
        assert!(Value::Text("1".into()).to_sql(&Type::INT8, &mut out).is_err());
        assert!(out.is_empty());
        assert!(matches!(Value::Null.to_sql(&Type::BYTEA, &mut out), Ok(IsNull::Yes)));
    }

    #[test]
    fn our_types_become_their_columns() {
        let date = kernel::date(2026, 3, 5);
        let got = args![7_i64, true, "a", Some(date), None::<i64>, Hours::whole(2), vec![1_u8]];
        let want = [
            Value::Int(7),
            Value::Int(1),
            Value::Text("a".into()),
            Value::Text("2026-03-05".into()),
            Value::Null,
            Value::Int(200),
            Value::Blob(vec![1]),
        ];
        assert_eq!(got, want);
        assert!(args![].is_empty());
    }
}
