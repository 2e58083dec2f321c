//! What the lowest crates do not say. `kernel` speaks no Chinese sentence: what a user reads is written where a rule or a page
//! is. `db` may refuse in a sentence, for only it knows that an address is wrong, but it knows no noun of the domain.
//! Comments and tests are free, and single nouns (the label of a role in `kernel`) are no sentences.

use crate::{Finding, Tree, source};

/// Nouns that only crates above the storage may know.
const DOMAIN: [&str; 10] = [
    "学时",
    "班次",
    "课程",
    "课次",
    "证书",
    "报名",
    "考勤",
    "科目",
    "单位",
    "专业技术",
];

/// Such texts in those crates.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.sources() {
        let said: fn(&str) -> bool = match source::address(path) {
            Some(("kernel", _)) => is_sentence,
            Some(("db", _)) => names_the_domain,
            _ => continue,
        };
        for line in source::lines(path, text).filter(|line| !line.is_comment() && !line.in_test) {
            let code = line.text.split(" // ").next().unwrap_or_default();
            if let Some(text) = source::literals(code).into_iter().find(|text| said(text)) {
                let sentence = format!("says “{text}”, which belongs to `rules` or to a page");
                findings.push(Finding::at(path, line.number, sentence));
            }
        }
    }
    findings
}

fn names_the_domain(text: &str) -> bool {
    DOMAIN.iter().any(|noun| text.contains(noun))
}

fn is_sentence(text: &str) -> bool {
    let han = text.chars().filter(|c| source::is_han(*c)).count();
    han > 0 && (han > 14 || text.contains(['，', '。', '；', '！', '？']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_the_kernel_and_nouns_of_the_database_are_found() {
        let tree = Tree::of(&[
            (
                "crates/kernel/src/a.rs",
                "//! 学时，按分计。\nconst A: &str = \"市级牵头部门\";\nlet b = \"请重试。\"; // 说明。\n",
            ),
            (
                "crates/db/src/b.rs",
                "x(); // 学时。\nlet a = \"请重试。\";\nlet b = \"学时已入账\";\n#[cfg(test)]\nlet c = \"学时\";\n",
            ),
            ("crates/rules/src/c.rs", "let b = \"请重试。\";\n"),
        ]);
        let said: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:#?}");
        assert!(said[0].starts_with("crates/db/src/b.rs:3") && said[1].starts_with("crates/kernel/src/a.rs:3"));
    }
}
