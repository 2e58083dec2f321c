//! The tables as a document with diagrams: `docs/workflows.md`, compared with the code by a test.

use std::fmt::Write as _;

use kernel::Code;

use super::{CALL, CallState, DECLARATION, DeclarationState, Party, Row, TOPIC, TopicState};

/// All workflows, as Markdown with Mermaid diagrams.
#[must_use]
pub fn print() -> String {
    let mut out = String::from(
        "# Workflows\n\nPrinted from crates/rules/src/calls/workflow; a test keeps it true. How many working days a period has is \
         said by the template of the call.\n",
    );
    section(
        &mut out,
        "Call 征集",
        CALL,
        CallState::name,
        CallState::sees,
        CallState::is_over,
        |deed| deed.name(),
    );
    section(
        &mut out,
        "Topic 选题",
        TOPIC,
        TopicState::name,
        TopicState::sees,
        TopicState::is_over,
        |deed| deed.name(),
    );
    section(
        &mut out,
        "Declaration 申报",
        DECLARATION,
        DeclarationState::name,
        DeclarationState::sees,
        DeclarationState::is_over,
        |deed| deed.name(),
    );
    out
}

#[allow(clippy::too_many_arguments, reason = "the three tables differ in these words alone")]
fn section<S: Code + PartialEq, D: Code>(
    out: &mut String,
    title: &str,
    table: &[Row<S, D>],
    name: fn(S) -> &'static str,
    sees: fn(S) -> &'static str,
    over: fn(S) -> bool,
    deed: fn(D) -> &'static str,
) {
    // Writing into a String cannot fail.
    let _ = write!(out, "\n## {title}\n\n```mermaid\nstateDiagram-v2\n");
    for state in S::ALL {
        let _ = writeln!(out, "    {}: {}", state.code(), name(*state));
    }
    if let Some(first) = S::ALL.first() {
        let _ = writeln!(out, "    [*] --> {}", first.code());
    }
    for row in table {
        let _ = writeln!(out, "    {} --> {}: {}", row.from.code(), row.to.code(), deed(row.deed));
    }
    for state in S::ALL.iter().filter(|state| over(**state)) {
        let _ = writeln!(out, "    {} --> [*]", state.code());
    }
    out.push_str("```\n\n| 状态 | 操作 | 之后 | 谁办 | 随后的期限 | 告知 |\n|---|---|---|---|---|---|\n");
    for row in table {
        let told: Vec<&str> = row.tells.iter().map(|party| Party::name(*party)).collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            name(row.from),
            deed(row.deed),
            name(row.to),
            row.by.name(),
            row.then.map_or("", super::Period::name),
            told.join("、")
        );
    }
    out.push_str("\n| 状态 | 申报单位或公众看到 |\n|---|---|\n");
    for state in S::ALL {
        let _ = writeln!(out, "| {} | {} |", name(*state), sees(*state));
    }
}
