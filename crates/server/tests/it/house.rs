//! What is printed and reviewed: the permission matrix, the list of routes, the schema. Each file under docs/ is
//! compared with what the code says; `ZHIXIN_TEST_BLESS=1` writes it anew.

use std::path::PathBuf;

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

#[allow(clippy::disallowed_methods, reason = "a switch of this test, not configuration")]
fn blessing() -> bool {
    std::env::var("ZHIXIN_TEST_BLESS").is_ok()
}

fn compare(name: &str, printed: &str) {
    if blessing() {
        std::fs::write(docs(name), printed).expect("docs/ can be written");
    }
    let kept = std::fs::read_to_string(docs(name)).unwrap_or_default();
    if kept != printed {
        let first = printed
            .lines()
            .zip(kept.lines().chain(std::iter::repeat("")))
            .find(|(now, was)| now != was);
        panic!(
            "docs/{name} is not what the code says; first difference: {first:?}\nrun ZHIXIN_TEST_BLESS=1 cargo nextest run -p server house"
        );
    }
}

#[test]
fn the_permission_matrix_is_printed() {
    compare("permissions.txt", &rules::permits::print());
}

#[test]
fn the_workflows_are_printed() {
    compare("workflows.md", &rules::calls::workflow::print());
}

#[test]
fn the_routes_are_printed() {
    compare("routes.txt", &server::routes().print());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_printed_schema() {
    for engine in db::testing::engines() {
        let db = db::testing::fresh(engine).await;
        let schema = db::schema::describe(&db).await.expect("a schema");
        compare(
            "schema.txt",
            &db::schema::print(&schema).expect("every column has its class"),
        );
    }
}
