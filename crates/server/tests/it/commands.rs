//! The command line as a program meets it: what it prints and how it ends.

use std::path::Path;
use std::process::{Command, Output};

fn zhixin(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhixin"))
        .env_clear()
        .current_dir(data.parent().expect("a folder"))
        .arg("--data")
        .arg(data)
        .args(args)
        .output()
        .expect("the command runs")
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn the_doctor_looks_and_changes_nothing_and_an_export_reads_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let nothing = zhixin(&data, &["doctor"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(
        said(&nothing).contains("请核对 --data，或先运行 zhixin migrate"),
        "{}",
        said(&nothing)
    );
    assert!(!data.exists(), "a doctor makes nothing");
    assert!(zhixin(&data, &["demo", "--people", "60"]).status.success());
    let well = zhixin(&data, &["doctor", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&well.stdout).expect("JSON");
    assert_eq!(
        (well.status.code(), &report["right"]),
        (Some(0), &true.into()),
        "{report}"
    );
    assert!(report["points"].as_array().expect("points").len() >= 6);
    for (what, kind) in [
        ("people", "csv"),
        ("orgs", "xlsx"),
        ("classes", "csv"),
        ("entries", "xlsx"),
    ] {
        let file = folder.path().join(format!("{what}.{kind}"));
        let path = file.to_str().expect("a path");
        let out = zhixin(&data, &["export", what, path, "--json"]);
        let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", said(&out)));
        let source = sheet::Source::open(&file, &sheet::Limits::default()).expect("a table");
        let rows: Vec<sheet::Row> = source.rows().map(|row| row.expect("a row")).collect();
        // Between the heading and the line at the foot.
        assert_eq!(told["rows"].as_u64(), Some(rows.len() as u64 - 2), "{what}");
        assert!(rows.len() > 12, "{what}");
        assert!(
            rows.last()
                .expect("a foot")
                .cell(0)
                .text()
                .starts_with("【演示数据】由 "),
            "{what}"
        );
        let again = zhixin(&data, &["export", what, path]);
        assert!(
            !again.status.success() && said(&again).contains("请换一个名字"),
            "{}",
            said(&again)
        );
    }
}

#[test]
fn every_command_explains_itself_and_a_wrong_setting_is_told_with_what_to_write() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for command in [
        "serve", "migrate", "demo", "import", "export", "doctor", "verify", "account",
    ] {
        let help = zhixin(&data, &[command, "--help"]);
        assert!(
            help.status.success() && said(&help).contains("--data"),
            "{command}: {}",
            said(&help)
        );
    }
    let wrong = zhixin(&data, &["serve", "--listen", "8080"]);
    assert!(
        !wrong.status.success() && said(&wrong).contains("127.0.0.1:8080"),
        "{}",
        said(&wrong)
    );
    let wrong = zhixin(&data, &["migrate", "--database", "mysql://x"]);
    assert!(
        !wrong.status.success() && said(&wrong).contains("postgres://"),
        "{}",
        said(&wrong)
    );
}
