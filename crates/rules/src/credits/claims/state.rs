//! The life of a claim: who acts next, and what each may do.
//!
//! ```text
//! draft ──submit──► submitted ──confirm──► confirmed ──recognise──► recognised ──void──► voided
//!   ▲                  │  └──(employer silent past its deadline)──► confirmed
//!   │                  │        draft ──submit, nobody has to confirm──► confirmed
//!   │ submitted | confirmed ──give back──► returned ──submit──► submitted | confirmed
//!   │ submitted | confirmed ──refuse──► refused
//! draft | submitted | confirmed | returned ──withdraw──► withdrawn
//! ```
//! R-40: the employer confirms before the competent body recognises; whoever has no employer goes straight to the body,
//! and an employer that stays silent past its deadline blocks nobody. R-41: nobody acts on their own claim, and whoever
//! confirmed a claim does not recognise it. R-47: a recognised claim that proves untrue is voided by somebody else than
//! its recogniser, with a reason. Deliberately absent: an end of the person's right to correct; it only waits.

use kernel::{Error, Place, Result, Role, id::AccountId};

kernel::codes! {
    /// The stored code of a state.
    pub enum ClaimCode {
        /// Being written.
        Draft = "draft" "草稿",
        /// Waits for the employer.
        Submitted = "submitted" "待单位确认",
        /// Waits for the competent body.
        Confirmed = "confirmed" "待认定",
        /// Back with the person, who is told what to mend.
        Returned = "returned" "退回补正",
        /// Over: not recognised.
        Refused = "refused" "不予认定",
        /// Over: the person took it back.
        Withdrawn = "withdrawn" "已撤回",
        /// Hours are posted.
        Recognised = "recognised" "已认定",
        /// Hours were taken back after a check.
        Voided = "voided" "已作废",
    }
}

kernel::codes! {
    /// Who recognises: the competent body of a rule, or what stands in for it.
    pub enum Competent {
        /// The employer itself.
        Employer = "employer" "用人单位",
        /// The district bureau.
        District = "district" "区人社部门",
        /// The industry department.
        Department = "department" "行业主管部门",
        /// The municipal lead.
        Lead = "lead" "市级牵头部门",
    }
}

impl Competent {
    /// The role that acts for the body.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Employer => Role::Employer,
            Self::District => Role::District,
            Self::Department => Role::Department,
            Self::Lead => Role::Lead,
        }
    }
}

kernel::codes! {
    /// How a claim came before the competent body.
    pub enum Confirmation {
        /// The employer confirmed it.
        Employer = "employer" "用人单位已确认",
        /// The person has no employer, or the employer itself recognises.
        NotNeeded = "not_needed" "无需单位确认",
        /// The employer said nothing in time (R-40).
        Lapsed = "lapsed" "用人单位未在期限内确认",
    }
}

kernel::codes! {
    /// One step of the story that all parties read.
    pub enum Step {
        /// Handed in.
        Submitted = "submitted" "提交申报",
        /// Handed in again after correction.
        Resubmitted = "resubmitted" "补正后重新提交",
        /// Confirmed by the employer.
        Confirmed = "confirmed" "单位确认",
        /// Passed on because the employer said nothing.
        PassedOn = "passed_on" "单位逾期未确认，转认定部门",
        /// Given back.
        Returned = "returned" "退回补正",
        /// Refused.
        Refused = "refused" "不予认定",
        /// Taken back by the person.
        Withdrawn = "withdrawn" "本人撤回",
        /// Recognised.
        Recognised = "recognised" "认定并记入学时",
        /// Voided after a check.
        Voided = "voided" "抽查后作废，学时冲正",
    }
}

/// The way of a claim: whether somebody confirms it, and who recognises it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Whether the employer has to confirm first.
    pub confirm: bool,
    /// Who recognises.
    pub competent: Competent,
}

impl Way {
    /// The way for the body that a rule names and where the person stands (R-40): a body that the person does not have
    /// is stood in for by the district, and the district by the lead.
    #[must_use]
    pub fn for_place(named: Competent, place: &Place) -> Self {
        let district = if place.district.is_some() {
            Competent::District
        } else {
            Competent::Lead
        };
        let competent = match named {
            Competent::Employer if place.org.is_some() => Competent::Employer,
            Competent::Department if place.department.is_some() => Competent::Department,
            Competent::Lead => Competent::Lead,
            Competent::Employer | Competent::Department | Competent::District => district,
        };
        Self {
            confirm: place.org.is_some() && competent != Competent::Employer,
            competent,
        }
    }
}

/// The state of a claim, with the facts known in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimState {
    /// Being written.
    Draft,
    /// Waits for the employer.
    Submitted,
    /// Waits for the competent body.
    Confirmed {
        /// How it came there.
        how: Confirmation,
        /// The account that confirmed.
        by: Option<AccountId>,
    },
    /// Back with the person.
    Returned {
        /// What to mend.
        reason: String,
    },
    /// Not recognised.
    Refused {
        /// Why.
        reason: String,
    },
    /// Taken back.
    Withdrawn,
    /// Hours are posted.
    Recognised {
        /// The account that recognised.
        by: Option<AccountId>,
    },
    /// Hours were taken back.
    Voided {
        /// Why.
        reason: String,
    },
}

/// What somebody writes to the person: 4 to 200 characters.
fn reason(text: &str, label: &str) -> Result<String> {
    let text = text.trim();
    if (4..=200).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(Error::wrong(
        "reason",
        "claim.reason",
        format!("请用 4 到 200 个字写明{label}，本人可以看到。"),
    ))
}

impl ClaimState {
    /// The code to store.
    #[must_use]
    pub const fn code(&self) -> ClaimCode {
        match self {
            Self::Draft => ClaimCode::Draft,
            Self::Submitted => ClaimCode::Submitted,
            Self::Confirmed { .. } => ClaimCode::Confirmed,
            Self::Returned { .. } => ClaimCode::Returned,
            Self::Refused { .. } => ClaimCode::Refused,
            Self::Withdrawn => ClaimCode::Withdrawn,
            Self::Recognised { .. } => ClaimCode::Recognised,
            Self::Voided { .. } => ClaimCode::Voided,
        }
    }

    /// Reads the state from its columns.
    ///
    /// # Errors
    /// Broken when the facts do not belong together.
    pub fn stored(code: ClaimCode, how: Option<Confirmation>, by: Option<AccountId>, reason: String) -> Result<Self> {
        Ok(match code {
            ClaimCode::Draft => Self::Draft,
            ClaimCode::Submitted => Self::Submitted,
            ClaimCode::Confirmed => Self::Confirmed {
                how: how.ok_or_else(|| Error::broken("a confirmed claim does not say how"))?,
                by,
            },
            ClaimCode::Returned => Self::Returned { reason },
            ClaimCode::Refused => Self::Refused { reason },
            ClaimCode::Withdrawn => Self::Withdrawn,
            ClaimCode::Recognised => Self::Recognised { by },
            ClaimCode::Voided => Self::Voided { reason },
        })
    }

    /// Whose turn it is; nobody's when it is over.
    #[must_use]
    pub fn turn(&self, competent: Competent) -> Option<Role> {
        match self {
            Self::Draft | Self::Returned { .. } => Some(Role::Learner),
            Self::Submitted => Some(Role::Employer),
            Self::Confirmed { .. } => Some(competent.role()),
            Self::Refused { .. } | Self::Withdrawn | Self::Recognised { .. } | Self::Voided { .. } => None,
        }
    }

    /// Whether it is `role`'s turn.
    ///
    /// # Errors
    /// `claim.turn` with the sentence that says whose it is, `claim.over`.
    pub fn awaits(&self, competent: Competent, role: Role) -> Result<()> {
        match self.turn(competent) {
            Some(turn) if turn == role => Ok(()),
            Some(turn) => Err(Error::refused_by(
                "R-40",
                "claim.turn",
                format!("这件申报现在由{}办理，状态是“{}”。", turn.name(), self.code().name()),
            )),
            None => Err(self.over()),
        }
    }

    fn over(&self) -> Error {
        Error::refused(
            "claim.over",
            format!("这件申报已经办结（{}），不能再办理。", self.code().name()),
        )
    }

    fn not_now(&self, deed: &str) -> Error {
        match self {
            Self::Draft | Self::Submitted | Self::Confirmed { .. } | Self::Returned { .. } => Error::refused(
                "claim.state",
                format!("状态是“{}”的申报不能{deed}，请刷新页面看最新状态。", self.code().name()),
            ),
            _ => self.over(),
        }
    }

    /// Whether the person may change facts and evidence.
    ///
    /// # Errors
    /// `claim.state`, `claim.over`.
    pub fn edit(&self) -> Result<()> {
        match self {
            Self::Draft | Self::Returned { .. } => Ok(()),
            other => Err(other.not_now("修改")),
        }
    }

    /// draft | returned → submitted, or confirmed where nobody has to confirm.
    ///
    /// # Errors
    /// `claim.state`, `claim.over`.
    pub fn submit(self, way: Way) -> Result<Self> {
        self.edit().map_err(|_| self.not_now("提交"))?;
        Ok(if way.confirm {
            Self::Submitted
        } else {
            Self::Confirmed {
                how: Confirmation::NotNeeded,
                by: None,
            }
        })
    }

    /// submitted → confirmed, by the employer.
    ///
    /// # Errors
    /// `claim.state`, `claim.over`.
    pub fn confirm(self, by: Option<AccountId>) -> Result<Self> {
        match self {
            Self::Submitted => Ok(Self::Confirmed {
                how: Confirmation::Employer,
                by,
            }),
            other => Err(other.not_now("确认")),
        }
    }

    /// submitted → confirmed, because the employer said nothing in time (R-40).
    ///
    /// # Errors
    /// `claim.state`, `claim.over`.
    pub fn pass_on(self) -> Result<Self> {
        match self {
            Self::Submitted => Ok(Self::Confirmed {
                how: Confirmation::Lapsed,
                by: None,
            }),
            other => Err(other.not_now("转交")),
        }
    }

    /// confirmed → recognised; whoever confirmed does not recognise (R-41).
    ///
    /// # Errors
    /// `claim.confirmed_by_you`, `claim.state`, `claim.over`.
    pub fn recognise(self, by: Option<AccountId>) -> Result<Self> {
        match self {
            Self::Confirmed { by: Some(first), .. } if by == Some(first) => Err(Error::refused_by(
                "R-41",
                "claim.confirmed_by_you",
                "您已代表用人单位确认过这件申报，认定须由他人办理。",
            )),
            Self::Confirmed { .. } => Ok(Self::Recognised { by }),
            other => Err(other.not_now("认定")),
        }
    }

    /// submitted | confirmed → returned, saying what to mend.
    ///
    /// # Errors
    /// `claim.state`, `claim.over`, wrong at `reason`.
    pub fn give_back(self, text: &str) -> Result<Self> {
        match self {
            Self::Submitted | Self::Confirmed { .. } => Ok(Self::Returned {
                reason: reason(text, "需要补正的内容")?,
            }),
            other => Err(other.not_now("退回")),
        }
    }

    /// submitted | confirmed → refused.
    ///
    /// # Errors
    /// `claim.state`, `claim.over`, wrong at `reason`.
    pub fn refuse(self, text: &str) -> Result<Self> {
        match self {
            Self::Submitted | Self::Confirmed { .. } => Ok(Self::Refused {
                reason: reason(text, "不予认定的理由")?,
            }),
            other => Err(other.not_now("作出不予认定")),
        }
    }

    /// draft | submitted | confirmed | returned → withdrawn.
    ///
    /// # Errors
    /// `claim.over`.
    pub fn withdraw(self) -> Result<Self> {
        match self {
            Self::Draft | Self::Submitted | Self::Confirmed { .. } | Self::Returned { .. } => Ok(Self::Withdrawn),
            other => Err(other.over()),
        }
    }

    /// recognised → voided, by somebody else than the recogniser (R-47).
    ///
    /// # Errors
    /// `claim.recognised_by_you`, `claim.not_recognised`, wrong at `reason`.
    pub fn void(self, by: Option<AccountId>, text: &str) -> Result<Self> {
        match self {
            Self::Recognised { by: Some(first) } if by == Some(first) => Err(Error::refused_by(
                "R-47",
                "claim.recognised_by_you",
                "这件申报由您认定，抽查须由他人办理。",
            )),
            Self::Recognised { .. } => Ok(Self::Voided {
                reason: reason(text, "作废的理由")?,
            }),
            other => Err(Error::refused(
                "claim.not_recognised",
                format!("只有已认定的申报可以作废，这件的状态是“{}”。", other.code().name()),
            )),
        }
    }
}

/// R-41: nobody acts on a claim of their own person, in whatever role.
///
/// # Errors
/// `claim.own`.
pub fn keep_apart(claimant: &[kernel::PersonId], actor: &[kernel::PersonId]) -> Result<()> {
    if claimant.iter().any(|person| actor.contains(person)) {
        return Err(Error::refused_by(
            "R-41",
            "claim.own",
            "这是您本人的申报，确认、认定和抽查须由他人办理（回避）。",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Id};
    use proptest::prelude::*;

    use super::*;

    const WHY: &str = "材料不完整";

    fn account(id: i64) -> Option<AccountId> {
        Some(Id::new(id))
    }

    fn every() -> Vec<ClaimState> {
        ClaimCode::ALL
            .iter()
            .map(|code| ClaimState::stored(*code, Some(Confirmation::Employer), account(1), WHY.into()).unwrap())
            .collect()
    }

    fn way(confirm: bool) -> Way {
        Way {
            confirm,
            competent: Competent::District,
        }
    }

    /// Every deed of the machine, by number.
    fn deed(state: ClaimState, deed: usize) -> Result<ClaimState> {
        match deed {
            0 => state.submit(way(true)),
            1 => state.submit(way(false)),
            2 => state.confirm(account(1)),
            3 => state.pass_on(),
            4 => state.recognise(account(2)),
            5 => state.give_back(WHY),
            6 => state.refuse(WHY),
            7 => state.withdraw(),
            _ => state.void(account(3), WHY),
        }
    }

    #[test]
    fn r40_each_state_admits_exactly_its_deeds() {
        let admitted: Vec<(&str, Vec<usize>)> = every()
            .into_iter()
            .map(|state| {
                let code = state.code().code();
                (code, (0..9).filter(|n| deed(state.clone(), *n).is_ok()).collect())
            })
            .collect();
        assert_eq!(
            admitted,
            [
                ("draft", vec![0, 1, 7]),
                ("submitted", vec![2, 3, 5, 6, 7]),
                ("confirmed", vec![4, 5, 6, 7]),
                ("returned", vec![0, 1, 7]),
                ("refused", vec![]),
                ("withdrawn", vec![]),
                ("recognised", vec![8]),
                ("voided", vec![]),
            ]
        );
    }

    #[test]
    fn r40_the_turn_follows_the_way() {
        let place = |org: Option<i64>, district: Option<&str>, department: Option<&str>| Place {
            org: org.map(Id::new),
            district: district.map(str::to_owned),
            department: department.map(str::to_owned),
            ..Place::default()
        };
        let whole = place(Some(1), Some("310104"), Some("jxw"));
        let alone = place(None, Some("310104"), None);
        let nowhere = place(None, None, None);
        let of = |named, place| {
            let way = Way::for_place(named, place);
            (way.confirm, way.competent)
        };
        assert_eq!(of(Competent::District, &whole), (true, Competent::District));
        assert_eq!(of(Competent::Department, &whole), (true, Competent::Department));
        assert_eq!(of(Competent::Employer, &whole), (false, Competent::Employer));
        assert_eq!(of(Competent::Lead, &whole), (true, Competent::Lead));
        for named in [Competent::Employer, Competent::District, Competent::Department] {
            assert_eq!(of(named, &alone), (false, Competent::District));
            assert_eq!(of(named, &nowhere), (false, Competent::Lead));
        }
        let refused = ClaimState::Submitted.awaits(Competent::District, Role::District);
        assert!(matches!(refused, Err(Error::Refused { code: "claim.turn", .. })));
        assert!(
            ClaimState::Submitted
                .awaits(Competent::District, Role::Employer)
                .is_ok()
        );
    }

    #[test]
    fn r41_nobody_acts_on_their_own_claim_nor_twice_on_one() {
        assert!(keep_apart(&[Id::new(1), Id::new(2)], &[Id::new(2)]).is_err());
        assert!(keep_apart(&[Id::new(1)], &[Id::new(2)]).is_ok());
        let confirmed = ClaimState::Submitted.confirm(account(7)).unwrap();
        assert!(confirmed.clone().recognise(account(7)).is_err());
        assert!(confirmed.recognise(account(8)).is_ok());
    }

    #[test]
    fn r47_whoever_recognised_does_not_check() {
        let state = ClaimState::Recognised { by: account(7) };
        assert!(state.clone().void(account(7), WHY).is_err());
        assert!(matches!(state.clone().void(account(8), "假"), Err(Error::Wrong(_))));
        assert_eq!(state.void(account(8), WHY).unwrap().code(), ClaimCode::Voided);
    }

    proptest! {
        #[test]
        fn whatever_is_tried_hours_come_only_after_the_body_had_it(deeds in prop::collection::vec(0_usize..9, 0..40)) {
            let mut state = ClaimState::Draft;
            let mut before = state.code();
            for number in deeds {
                let Ok(next) = deed(state.clone(), number) else { continue };
                prop_assert!(state.turn(Competent::District).is_some() || before == ClaimCode::Recognised);
                if next.code() == ClaimCode::Recognised {
                    prop_assert_eq!(before, ClaimCode::Confirmed);
                }
                if next.code() == ClaimCode::Voided {
                    prop_assert_eq!(before, ClaimCode::Recognised);
                }
                before = next.code();
                state = next;
            }
        }
    }
}
