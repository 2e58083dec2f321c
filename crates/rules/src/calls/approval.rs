//! Approvals by several bodies at once (会签): in any order, each once, each by somebody else.

use kernel::{Error, Result, id::AccountId};

use super::template::Approver;

/// An approval that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// For which body.
    pub approver: Approver,
    /// By whom; none for the platform's demonstrations.
    pub by: Option<AccountId>,
}

/// Which of the bodies still have to approve.
pub fn missing<'a>(wanted: &'a [Approver], given: &'a [Given]) -> impl Iterator<Item = Approver> + 'a {
    wanted
        .iter()
        .copied()
        .filter(|approver| given.iter().all(|one| one.approver != *approver))
}

/// Gives one more approval; whether it was the last one.
///
/// # Errors
/// `approval.not_asked`, `approval.twice` for a body that approved already, `approval.same_person`.
pub fn give(wanted: &[Approver], given: &[Given], next: Given) -> Result<bool> {
    if !wanted.contains(&next.approver) {
        return Err(Error::refused("approval.not_asked", "这次征集不需要您所在部门批复。"));
    }
    if given.iter().any(|one| one.approver == next.approver) {
        return Err(Error::refused_by(
            "R-90",
            "approval.twice",
            format!("{}已经批准过了，请刷新页面看最新状态。", next.approver.name()),
        ));
    }
    if next.by.is_some() && given.iter().any(|one| one.by == next.by) {
        return Err(Error::refused_by(
            "R-90",
            "approval.same_person",
            "您已代表另一部门批准过，请由他人代表这个部门办理。",
        ));
    }
    Ok(missing(wanted, given).count() == 1)
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    fn given(approver: Approver, by: i64) -> Given {
        Given {
            approver,
            by: Some(Id::new(by)),
        }
    }

    #[test]
    fn r90_every_body_approves_once_in_any_order_and_by_another_person() {
        let wanted = [Approver::Authority, Approver::Finance];
        for (first, second) in [(0, 1), (1, 0)] {
            let one = given(wanted[first], 1);
            assert!(!give(&wanted, &[], one).unwrap());
            assert!(give(&wanted, &[one], given(wanted[second], 2)).unwrap());
            assert!(give(&wanted, &[one], given(wanted[second], 1)).is_err());
            assert!(give(&wanted, &[one], given(wanted[first], 2)).is_err());
        }
        assert!(give(&wanted, &[], given(Approver::Lead, 3)).is_err());
        assert!(give(&[Approver::Authority], &[], given(Approver::Authority, 1)).unwrap());
    }
}
