//! The twin migrations make the same schema, and every column has a class.

use db::{schema, testing::Engine};

#[tokio::test(flavor = "multi_thread")]
async fn every_column_has_a_class() {
    let db = db::testing::fresh(Engine::Sqlite).await;
    let printed = schema::print(&schema::describe(&db).await.unwrap()).unwrap();
    assert!(printed.contains("table audit (id)"), "{printed}");
    assert!(printed.contains("  unique unique kind key (kind, key)"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_schema() {
    let mut engines = db::testing::engines().into_iter();
    let mut described = Vec::new();
    for engine in engines.by_ref() {
        let db = db::testing::fresh(engine).await;
        described.push(schema::describe(&db).await.unwrap());
    }
    let Some(postgres) = described.pop().filter(|_| !described.is_empty()) else {
        return;
    };
    let sqlite = described.pop().unwrap();
    let (names, twins): (Vec<_>, Vec<_>) = (sqlite.tables.keys().collect(), postgres.tables.keys().collect());
    assert_eq!(names, twins);
    for (name, table) in &sqlite.tables {
        assert_eq!(
            *table, postgres.tables[name],
            "table {name}: SQLite left, PostgreSQL right"
        );
    }
}
