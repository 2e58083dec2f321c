//! The only crate that has heard of SQLite or PostgreSQL.
