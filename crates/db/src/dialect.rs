//! Every difference between the two engines that reaches a statement, by name.
//!
//! SQL is written once; where the engines cannot share a word, the word stands here and nowhere else.
//! (How connections, transactions, migrations, loading and introspection differ is the business of
//! `sqlite.rs`, `group.rs`, `postgres.rs`, `migrations.rs`, `bulk.rs` and `schema.rs`.)

/// Which engine a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Locks the rows of a `select` until the end of the transaction. SQLite has one writer.
    pub(crate) fn row_lock(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update",
        }
    }

    /// Keeps the rows of a `select` from being changed until the end of the transaction, together with others who do.
    pub(crate) fn row_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for share",
        }
    }

    /// Takes rows of a queue without waiting for those that another worker is taking.
    pub(crate) fn claim_lock(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update skip locked",
        }
    }

    /// The rows of the index table `{table}_text` that match the search expression in `{}`.
    pub(crate) fn search_hits(self, table: &str) -> String {
        match self {
            Self::Sqlite => format!("select rowid from {table}_text where {table}_text match {{}}"),
            Self::Postgres => {
                format!("select id from {table}_text where tokens @@ cast(cast({{}} as text) as tsquery)")
            }
        }
    }

    /// Puts the tokens `$2` of the row `$1` into the index, in place of what was there.
    pub(crate) fn search_put(self, table: &str) -> String {
        match self {
            Self::Sqlite => format!("insert or replace into {table}_text (rowid, tokens) values ($1, $2)"),
            Self::Postgres => format!(
                "insert into {table}_text (id, tokens) values ($1, cast(cast($2 as text) as tsvector)) \
                 on conflict (id) do update set tokens = excluded.tokens"
            ),
        }
    }

    /// Takes the row `$1` out of the index.
    pub(crate) fn search_drop(self, table: &str) -> String {
        match self {
            Self::Sqlite => format!("delete from {table}_text where rowid = $1"),
            Self::Postgres => format!("delete from {table}_text where id = $1"),
        }
    }
}
