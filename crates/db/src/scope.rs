//! A scope as SQL: the one place where "which rows may this actor see" becomes a condition.
//!
//! A scoped table has the columns `person`, `org`, `provider` (bigint), `district`, `department` (text), nullable, as
//! they were when the row was written; a row without the part in question is in no such scope.

use kernel::Scope;

use crate::Value;

/// The condition on the table called `alias`, with `{}` for its argument; nothing for [`Scope::All`].
pub(crate) fn condition(scope: &Scope, alias: &str) -> Option<(String, Option<Value>)> {
    let (column, value): (&str, Value) = match scope {
        Scope::All => return None,
        Scope::Nothing => return Some(("1 = 0".to_owned(), None)),
        Scope::Person(id) => ("person", (*id).into()),
        Scope::Org(id) => ("org", (*id).into()),
        Scope::Provider(id) => ("provider", (*id).into()),
        Scope::District(code) => ("district", code.into()),
        Scope::Department(code) => ("department", code.into()),
    };
    Some((format!("{alias}.{column} = {{}}"), Some(value)))
}
