//! `cargo run -p xtask -- COMMAND`: `tidy` prints findings, `notices` and `register` write their files anew.

use std::process::ExitCode;

use xtask::{Finding, Tree, checks, notices, register};

const HELP: &str = "cargo run -p xtask -- COMMAND
  tidy      print what breaks the house rules (the same checks as `cargo nextest run -p xtask`)
  notices   write THIRD-PARTY-NOTICES.md from cargo metadata, the npm lock files and the fonts
  register  fill the code and test columns of docs/rules.md from the sources";

fn main() -> ExitCode {
    let tree = Tree::of_checkout();
    let result = match std::env::args().nth(1).as_deref() {
        Some("tidy") => Ok(tidy(&tree)),
        Some("notices") => notices::write(&tree).map(|()| true),
        Some("register") => register::write(&tree).map(|()| true),
        _ => {
            println!("{HELP}");
            Ok(true)
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn tidy(tree: &Tree) -> bool {
    let mut clean = true;
    for (name, check) in checks::ALL {
        let findings = check(tree);
        if findings.is_empty() {
            println!("ok      {name}");
        } else {
            clean = false;
            println!("BROKEN  {name}\n{}", Finding::list(&findings));
        }
    }
    for warning in checks::length::warnings(tree) {
        println!("warning {warning}");
    }
    clean
}
