//! calls: one engine for every competition of the programme, from the call to the published plan.
//!
//! ```text
//! call (征集通知) ─► topics ─► declarations ─► formal check ─► review ─► proposed plan ─► public notice ─► approval ─► annual plan
//! ```
//! What differs between two kinds of call is data, a [`Template`]: which steps, what the form asks, which files, who may
//! declare, how many working days, who approves. What never differs is the [`workflow`], a table that the compiler reads and
//! from which `docs/workflows.md` is printed.
//!
//! `workflow` (the three tables), `template` (a kind of call), `content` (what a
//! declaration says), `check` (the formal check, machine first), `fees` (ceilings), `similarity` (duplicate topics),
//! `ranking` (what the review gives back), `notice` (when a public notice is over), `visibility` (the evidence that it could be
//! seen), `approval` (several bodies at once), `number`.
//! `review` (how experts review; a [`ranking::Ranked`] list is all that comes back from it).
//! Rules: R-80 to R-92; those of reviewing stand in `review`.

pub mod approval;
pub mod check;
pub mod content;
pub mod fees;
pub mod notice;
mod number;
pub mod ranking;
pub mod review;
pub mod similarity;
pub mod template;
pub mod visibility;
pub mod workflow;

pub use content::{Content, Teacher, TeacherRank};
pub use number::{call_number, declaration_number, plan_number};
pub use template::{Level, Period, Template};
pub use workflow::{CallDeed, CallState, DeclarationDeed, DeclarationState, Party, TopicDeed, TopicState};

use kernel::{Error, OrgId, Place, Result, Role};

/// Whose turn it is to recommend a declaration: the body whose topic it is, else the host's own department or district.
#[must_use]
pub fn recommender(place: &Place) -> Role {
    if place.department.is_some() {
        Role::Department
    } else {
        Role::District
    }
}

/// R-81: nobody decides on a declaration of the organisation that they act for, in whatever role.
///
/// # Errors
/// `call.own`.
pub fn keep_apart(host: OrgId, own: &[OrgId]) -> Result<()> {
    if own.contains(&host) {
        return Err(Error::refused_by(
            "R-81",
            "call.own",
            "这是您所在单位的申报，推荐、审查和批复须由他人办理（回避）。",
        ));
    }
    Ok(())
}

/// What somebody writes to others: 4 to 300 characters.
///
/// # Errors
/// Wrong at `reason`.
pub fn reason(text: &str, label: &str) -> Result<String> {
    let text = text.trim();
    if (4..=300).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(Error::wrong(
        "reason",
        "call.reason",
        format!("请用 4 到 300 个字写明{label}，申报单位可以看到。"),
    ))
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn r81_nobody_decides_on_their_own_organisation() {
        assert!(keep_apart(Id::new(1), &[Id::new(2)]).is_ok());
        let refused = keep_apart(Id::new(1), &[Id::new(2), Id::new(1)]);
        assert!(matches!(refused, Err(Error::Refused { rule: Some("R-81"), .. })));
    }

    #[test]
    fn reasons_say_something() {
        assert!(reason("缺", "理由").is_err());
        assert_eq!(reason(" 缺少师资材料 ", "理由").unwrap(), "缺少师资材料");
    }
}
