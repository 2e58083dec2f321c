//! The schema as both engines have it, in one form that can be compared and printed.
//!
//! Every column has a **class**, written behind it in the SQLite migration, the first word of the comment:
//!
//! ```sql
//! create table people (
//!     id integer primary key, -- internal
//!     name text not null, -- personal
//!     document_sealed blob not null, -- secret: sealed with the installation's key
//! ```
//!
//! | class | may be shown |
//! |---|---|
//! | public | to anybody |
//! | internal | to signed-in users within their scope |
//! | personal | to those whose act needs it, masked by default; unmasking and exporting is audited |
//! | secret | to nobody: hashes, keys, tokens |
//!
//! Names are compared, types are normalised (`integer primary key` of SQLite is `bigint`), check constraints and
//! triggers are not compared. A search index (`t_text`) counts as one thing, whatever the engine makes of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use kernel::{Error, Result};

use crate::{Db, Tx, args, dialect::Dialect, migrations::MIGRATIONS};

kernel::codes! {
    /// Who may see a column.
    pub enum Class {
        /// Anybody.
        Public = "public" "公开",
        /// Signed-in users within their scope.
        Internal = "internal" "内部",
        /// Personal information: masked by default.
        Personal = "personal" "个人信息",
        /// Nobody.
        Secret = "secret" "机密",
    }
}

/// All tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// By name.
    pub tables: BTreeMap<String, Table>,
}

/// One table, or a search index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// In the order of their creation; empty for a search index.
    pub columns: Vec<Column>,
    /// The columns of the primary key.
    pub primary_key: Vec<String>,
    /// By name.
    pub indexes: BTreeMap<String, Index>,
    /// Column → table it refers to.
    pub references: BTreeSet<(String, String)>,
    /// Whether it is the search index of another table.
    pub search: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// `bigint`, `text` or `bytes`; anything else as the engine says it.
    pub kind: String,
    /// Whether it may be null.
    pub nullable: bool,
}

/// One index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index {
    /// Columns in order; an expression is `(expression)`.
    pub columns: Vec<String>,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// Whether it holds only some rows.
    pub partial: bool,
}

/// Reads the schema of a database.
///
/// # Errors
/// Of the database.
pub async fn describe(db: &Db) -> Result<Schema> {
    let mut tx = db.read().await?;
    match db.dialect() {
        Dialect::Sqlite => sqlite(&mut tx).await,
        Dialect::Postgres => postgres(&mut tx).await,
    }
}

fn normal(kind: &str) -> String {
    match kind.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => "bigint".to_owned(),
        "blob" | "bytea" => "bytes".to_owned(),
        other => other.to_owned(),
    }
}

async fn sqlite(tx: &mut Tx) -> Result<Schema> {
    let sql = "select name, coalesce(sql, '') from sqlite_master where type = 'table' and name not like 'sqlite_%'";
    let found: Vec<(String, String)> = tx.all(sql, &[]).await?;
    let is_search = |sql: &str| sql.to_ascii_lowercase().starts_with("create virtual table");
    let searches: Vec<String> = found
        .iter()
        .filter(|(_, sql)| is_search(sql))
        .map(|(name, _)| format!("{name}_"))
        .collect();
    let mut schema = Schema::default();
    for (name, sql) in &found {
        if searches.iter().any(|search| name.starts_with(search)) {
            continue; // a search index keeps its own tables
        }
        let table = if is_search(sql) {
            search_table()
        } else {
            sqlite_table(tx, name).await?
        };
        schema.tables.insert(name.clone(), table);
    }
    Ok(schema)
}

fn search_table() -> Table {
    Table {
        search: true,
        ..Table::default()
    }
}

async fn sqlite_table(tx: &mut Tx, name: &str) -> Result<Table> {
    let mut table = Table::default();
    let sql = "select name, type, \"notnull\", pk from pragma_table_info($1) order by cid";
    let columns: Vec<(String, String, bool, i64)> = tx.all(sql, args![name]).await?;
    let mut key: Vec<(i64, String)> = Vec::new();
    for (name, kind, not_null, place) in columns {
        if place > 0 {
            key.push((place, name.clone()));
        }
        table.columns.push(Column {
            name,
            kind: normal(&kind),
            nullable: !not_null && place == 0,
        });
    }
    key.sort();
    table.primary_key = key.into_iter().map(|(_, name)| name).collect();
    let sql = "select name, \"unique\", partial from pragma_index_list($1) where origin <> 'pk'";
    let indexes: Vec<(String, bool, bool)> = tx.all(sql, args![name]).await?;
    for (index, unique, partial) in indexes {
        let sql = "select coalesce(name, '(expression)') from pragma_index_info($1) order by seqno";
        let columns: Vec<String> = tx.all(sql, args![&index]).await?;
        add_index(
            &mut table,
            &index,
            Index {
                columns,
                unique,
                partial,
            },
        );
    }
    let sql = "select \"from\", \"table\" from pragma_foreign_key_list($1)";
    table.references = tx.all(sql, args![name]).await?.into_iter().collect();
    Ok(table)
}

/// An index that an inline `unique` made has a name of the engine's own; its columns name it instead.
fn add_index(table: &mut Table, name: &str, index: Index) {
    let inline = name.starts_with("sqlite_autoindex_") || name.ends_with("_key") && !name.contains(' ') && index.unique;
    let name = if inline {
        format!("unique {}", index.columns.join(" "))
    } else {
        name.to_owned()
    };
    table.indexes.insert(name, index);
}

async fn postgres(tx: &mut Tx) -> Result<Schema> {
    let sql = "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        order by c.relname, a.attnum";
    let columns: Vec<(String, String, String, bool)> = tx.all(sql, &[]).await?;
    let mut schema = Schema::default();
    for (table, name, kind, not_null) in columns {
        let table = schema.tables.entry(table).or_default();
        table.search |= kind == "tsvector";
        table.columns.push(Column {
            name,
            kind: normal(&kind),
            nullable: !not_null,
        });
    }
    let sql = "select t.relname, c.relname, i.indisprimary, i.indisunique, i.indpred is not null,
            coalesce(a.attname, '(expression)')
        from pg_index i join pg_class t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
            cross join lateral unnest(i.indkey::smallint[]) with ordinality k (attnum, place)
            left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum and k.attnum > 0
        where t.relnamespace = current_schema()::regnamespace order by c.relname, k.place";
    let rows: Vec<(String, String, bool, bool, bool, String)> = tx.all(sql, &[]).await?;
    let mut indexes: BTreeMap<(String, String, bool), Index> = BTreeMap::new();
    for (table, name, primary, unique, partial, column) in rows {
        let empty = Index {
            columns: Vec::new(),
            unique,
            partial,
        };
        indexes
            .entry((table, name, primary))
            .or_insert(empty)
            .columns
            .push(column);
    }
    for ((table, name, primary), index) in indexes {
        let Some(table) = schema.tables.get_mut(&table) else {
            continue;
        };
        if primary {
            table.primary_key = index.columns;
        } else {
            add_index(table, &name, index);
        }
    }
    let sql = "select t.relname, a.attname, f.relname from pg_constraint k
        join pg_class t on t.oid = k.conrelid join pg_class f on f.oid = k.confrelid
        join pg_attribute a on a.attrelid = t.oid and a.attnum = any (k.conkey)
        where k.contype = 'f' and t.relnamespace = current_schema()::regnamespace";
    for (table, column, target) in tx.all::<(String, String, String)>(sql, &[]).await? {
        if let Some(table) = schema.tables.get_mut(&table) {
            table.references.insert((column, target));
        }
    }
    for table in schema.tables.values_mut().filter(|table| table.search) {
        *table = search_table();
    }
    Ok(schema)
}

/// The class of every column, as the SQLite migrations say: (table, column) → class.
#[must_use]
pub fn classes() -> BTreeMap<(String, String), Class> {
    let mut classes = BTreeMap::new();
    for migration in MIGRATIONS {
        read_classes(migration.sqlite, &mut classes);
    }
    classes
}

fn read_classes(sql: &str, classes: &mut BTreeMap<(String, String), Class>) {
    let mut table = String::new();
    for line in sql.lines() {
        let (code, comment) = line.split_once("--").unwrap_or((line, ""));
        let lower = code.to_ascii_lowercase().replace('(', " ( ");
        let words: Vec<&str> = lower.split_whitespace().collect();
        let column = match words.as_slice() {
            ["create", "table", "if", "not", "exists", name, ..] | ["create", "table", name, ..] => {
                table = (*name).to_owned();
                continue;
            }
            ["alter", "table", name, "rename", "to", new, ..] => {
                rename(classes, name, new.trim_end_matches(';'));
                continue;
            }
            ["alter", "table", name, "add", "column", column, ..] => {
                table = (*name).to_owned();
                *column
            }
            [column, ..] => *column,
            [] => continue,
        };
        let word = comment
            .trim_start()
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or("");
        if let Some(class) = <Class as kernel::Code>::from_code(word) {
            classes.insert((table.clone(), column.trim_matches('"').to_owned()), class);
        }
    }
}

fn rename(classes: &mut BTreeMap<(String, String), Class>, old: &str, new: &str) {
    let moved: Vec<_> = classes.keys().filter(|(table, _)| table == old).cloned().collect();
    for key in moved {
        if let Some(class) = classes.remove(&key) {
            classes.insert((new.to_owned(), key.1), class);
        }
    }
}

/// Prints a schema with the classes of its columns, for `docs/schema.txt`.
///
/// # Errors
/// `Broken` with the list of columns that have no class.
pub fn print(schema: &Schema) -> Result<String> {
    let classes = classes();
    let mut missing = Vec::new();
    let mut out = String::new();
    for (name, table) in &schema.tables {
        if table.search {
            writeln!(out, "search index {name}\n").map_err(Error::broken)?;
            continue;
        }
        writeln!(out, "table {name} ({})", table.primary_key.join(", ")).map_err(Error::broken)?;
        for column in &table.columns {
            let Some(class) = classes.get(&(name.clone(), column.name.clone())) else {
                missing.push(format!("{name}.{}", column.name));
                continue;
            };
            let null = if column.nullable { "null" } else { "" };
            let target = table.references.iter().find(|(from, _)| *from == column.name);
            let target = target.map_or(String::new(), |(_, table)| format!("→ {table}"));
            let class = kernel::Code::code(*class);
            let line = format!("  {:<28} {:<7} {null:<5} {class:<9} {target}", column.name, column.kind);
            writeln!(out, "{}", line.trim_end()).map_err(Error::broken)?;
        }
        for (name, index) in &table.indexes {
            let unique = if index.unique { "unique" } else { "index" };
            let partial = if index.partial { ", some rows" } else { "" };
            writeln!(out, "  {unique} {name} ({}{partial})", index.columns.join(", ")).map_err(Error::broken)?;
        }
        out.push('\n');
    }
    if missing.is_empty() {
        return Ok(out);
    }
    Err(Error::broken(format!(
        "columns without a class in migrations/sqlite: {}",
        missing.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_stand_behind_their_columns() {
        let mut classes = BTreeMap::new();
        let sql = "create table people(\n  id integer primary key, -- internal\n  name text, -- personal: as on the document
  -- secret
  note text,\n  check (id > 0)\n);\nalter table people add column salt blob; -- secret\nalter table people rename to persons;";
        read_classes(sql, &mut classes);
        let got: Vec<String> = classes
            .iter()
            .map(|((t, c), class)| format!("{t}.{c} {}", class.name()))
            .collect();
        assert_eq!(got, ["persons.id 内部", "persons.name 个人信息", "persons.salt 机密"]);
    }
}
