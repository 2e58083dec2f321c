//! Every listing, count, export and sum of a store takes the actor's scope as its first argument after the transaction,
//! so that no page can forget it.
//!
//! What has no scope by its nature (a public vocabulary, the rows of one parent that was loaded within its scope) says so:
//! a comment `// unscoped: why` above the function.

use crate::{Finding, Tree, source};

const VERBS: [&str; 5] = ["list", "count", "export", "sum", "search"];

/// Such functions without a scope.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Finding> {
    let stores = tree
        .sources()
        .filter(|(path, _)| path.ends_with("/store.rs") || path.contains("/store/"));
    stores.flat_map(|(path, text)| in_store(path, text)).collect()
}

fn in_store(path: &str, text: &str) -> Vec<Finding> {
    let lines: Vec<source::Line<'_>> = source::lines(path, text).collect();
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.in_test) {
        let Some(name) = line.function().filter(|_| line.text.trim_start().starts_with("pub")) else {
            continue;
        };
        let lists = VERBS
            .iter()
            .any(|verb| name == *verb || name.starts_with(&format!("{verb}_")));
        if !lists || excused(&lines[..index]) {
            continue;
        }
        let signature: String = lines[index..]
            .iter()
            .take(12)
            .map(|l| l.text)
            .collect::<Vec<_>>()
            .join(" ");
        let first = arguments(&signature)
            .into_iter()
            .find(|a| !is_connection(a))
            .unwrap_or_default();
        let scoped = first.starts_with("scope: &") && first.ends_with("Scope");
        if !scoped {
            let sentence = format!(
                "`{name}` lists without a scope; take `scope: &Scope` first, or say `// unscoped: why` above it"
            );
            findings.push(Finding::at(path, line.number, sentence));
        }
    }
    findings
}

/// Whether the comment and attribute lines directly above say why there is no scope.
fn excused(above: &[source::Line<'_>]) -> bool {
    above
        .iter()
        .rev()
        .take_while(|line| line.is_comment() || line.text.trim_start().starts_with('#'))
        .any(|line| {
            line.text
                .split_once("unscoped:")
                .is_some_and(|(_, why)| why.trim().len() > 3)
        })
}

fn is_connection(argument: &str) -> bool {
    ["tx:", "db:", "ctx:", "&self", "&mut self", "self"]
        .iter()
        .any(|start| argument.starts_with(start))
}

/// The arguments of the first parenthesis after the name, split at depth zero.
fn arguments(signature: &str) -> Vec<&str> {
    let Some(name) = signature.find("fn ") else {
        return Vec::new();
    };
    let Some(open) = signature[name..].find('(').map(|at| name + at + 1) else {
        return Vec::new();
    };
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, open);
    for (at, c) in signature[open..].char_indices().map(|(at, c)| (at + open, c)) {
        match c {
            '(' | '<' | '[' => depth += 1,
            ')' if depth == 0 => {
                parts.push(signature[from..at].trim());
                break;
            }
            ')' | ']' => depth -= 1,
            '>' if !signature[..at].ends_with('-') => depth -= 1,
            ',' if depth == 0 => {
                parts.push(signature[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_without_scope_is_found() {
        let store = "
pub(super) async fn list(tx: &mut Tx<'_>, scope: &Scope, page: &Page) -> Result<Vec<Row>> {
pub async fn count_open(
    tx: &mut Tx<'_>,
    filter: impl Fn(i64) -> bool,
    scope: &Scope,
) -> Result<i64> {
// unscoped: public vocabulary
pub async fn list_districts(tx: &mut Tx<'_>) -> Result<Vec<Row>> {
fn list_private(tx: &mut Tx<'_>) {
pub async fn listen(tx: &mut Tx<'_>) {
pub async fn export(&self, scope: &kernel::Scope) {
";
        let tree = Tree::of(&[
            ("crates/registry/src/people/store.rs", store),
            ("crates/desk/src/people.rs", store),
        ]);
        let said: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].contains("`count_open`"));
    }
}
