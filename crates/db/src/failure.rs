//! Turns the drivers' failures into the closed set of `kernel::Error`.
//!
//! - A broken uniqueness becomes `Refused` with the code [`DUPLICATE`]: [`is_duplicate`] tells.
//! - A serialization failure, a deadlock or a lock that did not come becomes `Stale` (请重试).
//! - Everything else is `Broken`, with the text of the statement, which holds placeholders only.
//!   Values never get into a message: PostgreSQL's `detail` is dropped, and so is the text of data errors,
//!   because it quotes them.

use kernel::Error;
use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// The code of the refusal that a broken uniqueness becomes.
pub const DUPLICATE: &str = "db.duplicate";

/// Whether a statement failed because a unique value is taken. The transaction is over then on both
/// engines; where a duplicate is expected, ask with [`crate::Tx::exec_new`] instead.
#[must_use]
pub fn is_duplicate(error: &Error) -> bool {
    matches!(error, Error::Refused { code, .. } if *code == DUPLICATE)
}

fn duplicate() -> Error {
    Error::refused(DUPLICATE, "已有相同的记录，请核对后重试。")
}

fn shortened(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    words.join(" ").chars().take(300).collect()
}

pub(crate) fn sqlite(error: &rusqlite::Error, sql: &str) -> Error {
    use rusqlite::ffi;
    let failure = match error {
        rusqlite::Error::SqliteFailure(failure, _) => Some(failure),
        rusqlite::Error::SqlInputError { error, .. } => Some(error),
        _ => None,
    };
    let unique = [
        ffi::SQLITE_CONSTRAINT_UNIQUE,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
        ffi::SQLITE_CONSTRAINT_ROWID,
    ];
    match failure {
        Some(failure) if unique.contains(&failure.extended_code) => duplicate(),
        Some(failure) if matches!(failure.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Stale,
        _ => {
            let message = match error {
                rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
                other => other.to_string(),
            };
            Error::broken(format!("{message} in: {}", shortened(sql)))
        }
    }
}

pub(crate) fn postgres(error: &tokio_postgres::Error, sql: &str) -> Error {
    let Some(db) = error.as_db_error() else {
        // A closed connection, or a value that does not fit its parameter; neither quotes a value.
        let source = std::error::Error::source(error)
            .map(|s| format!(": {s}"))
            .unwrap_or_default();
        return Error::broken(format!("{error}{source} in: {}", shortened(sql)));
    };
    let state = db.code();
    if *state == SqlState::UNIQUE_VIOLATION {
        return duplicate();
    }
    let again = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    if again.contains(state) {
        return Error::Stale;
    }
    let message = if state.code().starts_with("22") {
        "wrong data"
    } else {
        db.message()
    };
    Error::broken(format!("{message} ({}) in: {}", state.code(), shortened(sql)))
}

pub(crate) fn pool(error: &deadpool_postgres::PoolError) -> Error {
    Error::broken(format!("no connection to PostgreSQL: {error}"))
}
