//! Every deed that a use case writes into the audit trail has words: an auditor reads sentences, not codes.
//!
//! Looked for are the literals that stand as the act of `.audit(`, `.audit_because(` and `Audit { act: … }`. An act that
//! arrives in a variable is seen by the integration tests, which compare what they have written.

use crate::{Finding, Tree, source};

/// Where the words of deeds stand.
const WORDS: [&str; 2] = ["crates/rules/src/permits/act.rs", "crates/rules/src/trail/mod.rs"];

/// Deeds without words.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let words: String = WORDS.iter().filter_map(|path| tree.text(path)).collect();
    let mut findings = Vec::new();
    let cases = ["registry", "learning", "oversight"];
    for (path, text) in tree.sources() {
        if !source::address(path).is_some_and(|(name, _)| cases.contains(&name)) {
            continue;
        }
        let lines: Vec<source::Line<'_>> = source::lines(path, text).collect();
        for (index, line) in lines.iter().enumerate() {
            let begins = [".audit(", ".audit_because("]
                .iter()
                .any(|call| line.text.contains(call));
            let begins = begins || line.text.trim_start().starts_with("act:");
            if line.in_test || line.is_comment() || !begins {
                continue;
            }
            let after: Vec<&str> = lines[index..].iter().take(4).map(|line| line.text.trim()).collect();
            let Some(act) = act(&after.join(" ")) else { continue };
            if !words.contains(&format!("\"{act}\"")) {
                let sentence = format!(
                    "`{act}` is written into the trail without words; add them to {}",
                    WORDS[1]
                );
                findings.push(Finding::at(path, line.number, sentence));
            }
        }
    }
    findings
}

/// The act of the audit row that begins at the start of this text, if it is a literal.
fn act(text: &str) -> Option<String> {
    let argument = if let Some(at) = text.find(".audit(").or_else(|| text.find(".audit_because(")) {
        let rest = &text[at..];
        let open = rest.find('(')? + 1;
        rest[open..].split(',').nth(1)?
    } else {
        text.strip_prefix("act:")?.split(',').next()?
    };
    let literal = argument.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some(literal.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_without_words_are_found_where_they_are_written() {
        let tree = Tree::of(&[
            (WORDS[0], "EditOrg = \"edit_org\" \"修改机构信息\","),
            (WORDS[1], "(\"sign_in\", \"登录\"),"),
            (
                "crates/registry/src/a/mod.rs",
                "ctx.audit(\n  &mut tx,\n  \"paint_org\",\n  thing)\nctx.audit(&mut tx, \"edit_org\", x)\nctx.audit(tx, act, x)",
            ),
            (
                "crates/learning/src/b/mod.rs",
                "tx.audit(Audit {\n  act: \"paint_class\",\n})",
            ),
        ]);
        let found: Vec<String> = check(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(found, ["crates/learning/src/b/mod.rs", "crates/registry/src/a/mod.rs"]);
    }
}
