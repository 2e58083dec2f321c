//! Embeds the twin migrations: every file that exists under the same name in `migrations/sqlite` and
//! in `migrations/postgres`, in the order of their numbers, becomes one row of `MIGRATIONS`.
//!
//! A file without a twin is left out with a warning, so that a half-saved pair never breaks a build;
//! the parity test refuses it.

use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder of migrations exists");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.ends_with(".sql")).collect()
}

#[allow(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts through variables"
)]
fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    let folder = Path::new(&root).join("migrations");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", folder.display());
    let (sqlite, postgres) = (names(&folder.join("sqlite")), names(&folder.join("postgres")));
    for lone in sqlite.symmetric_difference(&postgres) {
        println!("cargo:warning=migration {lone} has no twin and is left out");
    }
    let mut code = String::from("pub(crate) const MIGRATIONS: &[Migration] = &[\n");
    let mut numbers = BTreeSet::new();
    for name in sqlite.intersection(&postgres) {
        let (number, title) = name.trim_end_matches(".sql").split_once('_').expect("0001_name.sql");
        let number: u32 = number.parse().expect("a migration begins with its number");
        assert!(numbers.insert(number), "two migrations have the number {number}");
        let text = |engine: &str| format!("include_str!({:?})", folder.join(engine).join(name));
        writeln!(
            code,
            "Migration {{ number: {number}, name: {title:?}, sqlite: {}, postgres: {} }},",
            text("sqlite"),
            text("postgres")
        )
        .expect("a string takes text");
    }
    code.push_str("];\n");
    fs::write(Path::new(&out).join("migrations.rs"), code).expect("the build folder is writable");
}
