//! The states of a dispute, each with the facts known in it, and what may follow.
//!
//! The diagram stands in the header of the folder. Rules: R-49 (silence of the provider lets the case go on and counts
//! for nobody), R-51 (silence of the body decides nothing), R-54 (one appeal, within its period).
//! Deliberately absent: who may do what to which case (`body`), and postings (`remedy`).

use kernel::{Date, Deadline, EntryId, Error, Result, Time};
use serde::{Deserialize, Serialize};

use super::{DisputeCode, Outcome};

kernel::codes! {
    /// 施教机构意见.
    pub enum Stance {
        /// The person is right.
        Agrees = "agrees" "认可异议",
        /// The ledger is right.
        Disagrees = "disagrees" "不认可异议",
    }
}

/// What the provider said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: Time,
    /// For whom it speaks.
    pub stance: Stance,
    /// Why.
    pub words: String,
}

/// What a body decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// When.
    pub at: Time,
    /// How.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// The entry that stands by this decision; none where nothing stands.
    pub entry: Option<EntryId>,
}

/// Where a dispute stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DisputeState {
    /// The provider is asked.
    Opened,
    /// The provider has answered.
    Answered {
        /// What it said.
        answer: Answer,
    },
    /// The period passed, or there is no provider to ask.
    Unanswered {
        /// Since when.
        at: Time,
    },
    /// Decided by the supervising body.
    Decided {
        /// How.
        verdict: Verdict,
    },
    /// The lead is asked to decide once more.
    Appealed {
        /// Since when.
        at: Time,
        /// Why the person does not agree.
        grounds: String,
        /// The decision appealed against.
        first: Verdict,
    },
    /// Over.
    Final {
        /// Since when.
        at: Time,
        /// The decision that holds.
        verdict: Verdict,
        /// Whether it was appealed against.
        appealed: bool,
    },
    /// The hours were posted the ordinary way.
    Settled {
        /// When.
        at: Time,
        /// The entry.
        entry: EntryId,
    },
    /// The person took it back.
    Withdrawn {
        /// When.
        at: Time,
    },
}

impl DisputeState {
    /// The state in which a case begins: `asked` when there is a provider to answer.
    #[must_use]
    pub fn opened(asked: bool, at: Time) -> Self {
        if asked { Self::Opened } else { Self::Unanswered { at } }
    }

    /// The code stored.
    #[must_use]
    pub const fn code(&self) -> DisputeCode {
        match self {
            Self::Opened => DisputeCode::Opened,
            Self::Answered { .. } => DisputeCode::Answered,
            Self::Unanswered { .. } => DisputeCode::Unanswered,
            Self::Decided { .. } => DisputeCode::Decided,
            Self::Appealed { .. } => DisputeCode::Appealed,
            Self::Final { .. } => DisputeCode::Final,
            Self::Settled { .. } => DisputeCode::Settled,
            Self::Withdrawn { .. } => DisputeCode::Withdrawn,
        }
    }

    /// The decision that holds now.
    #[must_use]
    pub const fn verdict(&self) -> Option<&Verdict> {
        match self {
            Self::Decided { verdict } | Self::Final { verdict, .. } => Some(verdict),
            Self::Appealed { first, .. } => Some(first),
            _ => None,
        }
    }

    /// The provider answers.
    ///
    /// # Errors
    /// `dispute.answered`, `dispute.lapsed`, `dispute.decided`, `dispute.over`.
    pub fn answer(self, answer: Answer) -> Result<Self> {
        match self {
            Self::Opened => Ok(Self::Answered { answer }),
            Self::Answered { .. } => Err(refused(
                "dispute.answered",
                "这件异议已经答复，不能重复答复；需要补充时请联系决定部门。",
            )),
            Self::Unanswered { .. } => Err(Error::refused_by(
                "R-49",
                "dispute.lapsed",
                "答复期限已过，异议已转由主管部门直接决定；有材料请尽快与主管部门联系。",
            )),
            other => Err(other.too_late()),
        }
    }

    /// The period for the answer has passed: the case goes on without one (R-49, R-11: a lower bound never passes).
    ///
    /// # Errors
    /// `dispute.running` while the period runs, and where no answer is awaited.
    pub fn lapse(self, due: Deadline, today: Date, at: Time) -> Result<Self> {
        match self {
            Self::Opened if due.has_passed(today) => Ok(Self::Unanswered { at }),
            Self::Opened => Err(refused("dispute.running", "答复期限未到。")),
            other => Err(other.too_late()),
        }
    }

    /// The body decides. A decision that wholly supports the person is final at once; so is the lead's in an appeal.
    ///
    /// # Errors
    /// `dispute.awaits_answer` while the provider may still answer, `dispute.decided`, `dispute.over`.
    pub fn decide(self, verdict: Verdict) -> Result<Self> {
        match self {
            Self::Answered { .. } | Self::Unanswered { .. } if verdict.outcome == Outcome::Upheld => Ok(Self::Final {
                at: verdict.at,
                verdict,
                appealed: false,
            }),
            Self::Answered { .. } | Self::Unanswered { .. } => Ok(Self::Decided { verdict }),
            Self::Appealed { .. } => Ok(Self::Final {
                at: verdict.at,
                verdict,
                appealed: true,
            }),
            Self::Opened => Err(Error::refused_by(
                "R-49",
                "dispute.awaits_answer",
                "施教机构的答复期限还没有到，答复后或期限届满后才能决定。",
            )),
            other => Err(other.too_late()),
        }
    }

    /// The person asks the lead to decide once more.
    ///
    /// # Errors
    /// `dispute.nothing_to_appeal` when the person was right, `dispute.appeal_late`, `dispute.appealed`,
    /// `dispute.undecided`, `dispute.over`.
    pub fn appeal(self, until: Deadline, today: Date, (at, grounds): (Time, String)) -> Result<Self> {
        match self {
            Self::Final { verdict, .. } if verdict.outcome == Outcome::Upheld => Err(refused(
                "dispute.nothing_to_appeal",
                "决定已经完全支持您的异议，无需申请复核。",
            )),
            Self::Decided { .. } if until.has_passed(today) => Err(Error::refused_by(
                "R-54",
                "dispute.appeal_late",
                "申请复核的期限已过，原决定已经生效。",
            )),
            Self::Decided { verdict } => Ok(Self::Appealed {
                at,
                grounds,
                first: verdict,
            }),
            Self::Appealed { .. } | Self::Final { appealed: true, .. } => Err(Error::refused_by(
                "R-54",
                "dispute.appealed",
                "每件异议只能申请复核一次，您已经申请过。",
            )),
            Self::Opened | Self::Answered { .. } | Self::Unanswered { .. } => Err(refused(
                "dispute.undecided",
                "这件异议还没有决定，决定后不服的可以申请复核。",
            )),
            other => Err(other.too_late()),
        }
    }

    /// The period for an appeal has passed without one (R-54; R-11: a lower bound never passes).
    ///
    /// # Errors
    /// `dispute.running` while it runs, and where there is no such period.
    pub fn close(self, until: Deadline, today: Date, at: Time) -> Result<Self> {
        match self {
            Self::Decided { verdict } if until.has_passed(today) => Ok(Self::Final {
                at,
                verdict,
                appealed: false,
            }),
            Self::Decided { .. } => Err(refused("dispute.running", "申请复核的期限未到。")),
            other => Err(other.too_late()),
        }
    }

    /// The person takes it back; an appeal that is taken back leaves the first decision final.
    ///
    /// # Errors
    /// `dispute.decided`, `dispute.over`.
    pub fn withdraw(self, at: Time) -> Result<Self> {
        match self {
            Self::Opened | Self::Answered { .. } | Self::Unanswered { .. } => Ok(Self::Withdrawn { at }),
            Self::Appealed { first, .. } => Ok(Self::Final {
                at,
                verdict: first,
                appealed: true,
            }),
            other => Err(other.too_late()),
        }
    }

    /// The hours that were missed were posted the ordinary way.
    ///
    /// # Errors
    /// `dispute.decided`, `dispute.over`.
    pub fn settle(self, entry: EntryId, at: Time) -> Result<Self> {
        match self {
            Self::Opened | Self::Answered { .. } | Self::Unanswered { .. } => Ok(Self::Settled { at, entry }),
            other => Err(other.too_late()),
        }
    }

    /// Why nothing more can be done in this state.
    fn too_late(&self) -> Error {
        match self {
            Self::Decided { .. } | Self::Appealed { .. } => {
                refused("dispute.decided", "这件异议已经作出决定，不能再办理这一步。")
            }
            Self::Final { .. } => refused("dispute.over", "这件异议已经办结。如有新的证据，请另行提出异议。"),
            Self::Settled { .. } => refused("dispute.over", "学时已经补记，这件异议已经办结。"),
            Self::Withdrawn { .. } => refused("dispute.over", "这件异议已由本人撤回。"),
            Self::Opened | Self::Answered { .. } | Self::Unanswered { .. } => refused(
                "dispute.not_awaited",
                "这件异议现在不需要办理这一步，请刷新页面查看进展。",
            ),
        }
    }
}

fn refused(code: &'static str, sentence: &str) -> Error {
    Error::refused(code, sentence)
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Id, date};

    use super::*;

    const TODAY: fn() -> Date = || date(2026, 3, 20);

    fn at() -> Time {
        Time::local(TODAY(), 9, 0)
    }

    fn answer() -> Answer {
        Answer {
            at: at(),
            stance: Stance::Disagrees,
            words: "签到表没有您的名字".into(),
        }
    }

    fn verdict(outcome: Outcome) -> Verdict {
        Verdict {
            at: at(),
            outcome,
            reason: "材料不足".into(),
            entry: None,
        }
    }

    fn past() -> Deadline {
        Deadline::On(date(2026, 3, 19))
    }

    fn every_state() -> Vec<DisputeState> {
        let decided = |outcome| DisputeState::Decided {
            verdict: verdict(outcome),
        };
        vec![
            DisputeState::Opened,
            DisputeState::Answered { answer: answer() },
            DisputeState::Unanswered { at: at() },
            decided(Outcome::Rejected),
            DisputeState::Appealed {
                at: at(),
                grounds: "有新证据".into(),
                first: verdict(Outcome::Rejected),
            },
            DisputeState::Final {
                at: at(),
                verdict: verdict(Outcome::Rejected),
                appealed: false,
            },
            DisputeState::Settled {
                at: at(),
                entry: Id::new(1),
            },
            DisputeState::Withdrawn { at: at() },
        ]
    }

    type Step = fn(DisputeState) -> Result<DisputeState>;

    /// Each deed in each state: what follows, or that it is refused. R-49, R-51 (no state is left by time alone towards a
    /// decision), R-54.
    #[test]
    fn r49_r51_r54_each_deed_in_each_state() {
        use DisputeCode as C;
        let steps: [(&str, Step, [Option<C>; 8]); 7] = [
            (
                "answer",
                |s| s.answer(answer()),
                [Some(C::Answered), None, None, None, None, None, None, None],
            ),
            (
                "lapse",
                |s| s.lapse(past(), TODAY(), at()),
                [Some(C::Unanswered), None, None, None, None, None, None, None],
            ),
            (
                "decide",
                |s| s.decide(verdict(Outcome::Rejected)),
                [
                    None,
                    Some(C::Decided),
                    Some(C::Decided),
                    None,
                    Some(C::Final),
                    None,
                    None,
                    None,
                ],
            ),
            (
                "appeal",
                |s| s.appeal(Deadline::On(TODAY()), TODAY(), (at(), "有新证据".into())),
                [None, None, None, Some(C::Appealed), None, None, None, None],
            ),
            (
                "close",
                |s| s.close(past(), TODAY(), at()),
                [None, None, None, Some(C::Final), None, None, None, None],
            ),
            (
                "withdraw",
                |s| s.withdraw(at()),
                [
                    Some(C::Withdrawn),
                    Some(C::Withdrawn),
                    Some(C::Withdrawn),
                    None,
                    Some(C::Final),
                    None,
                    None,
                    None,
                ],
            ),
            (
                "settle",
                |s| s.settle(Id::new(9), at()),
                [
                    Some(C::Settled),
                    Some(C::Settled),
                    Some(C::Settled),
                    None,
                    None,
                    None,
                    None,
                    None,
                ],
            ),
        ];
        for (name, step, expected) in steps {
            for (state, expected) in every_state().into_iter().zip(expected) {
                let from = state.code();
                let to = step(state);
                match (&to, expected) {
                    (Ok(to), Some(code)) => assert_eq!(to.code(), code, "{name} in {from:?}"),
                    (Err(Error::Refused { code, sentence, .. }), None) => {
                        assert!(
                            code.starts_with("dispute.") && sentence.ends_with('。'),
                            "{name} in {from:?}"
                        );
                    }
                    _ => panic!("{name} in {from:?} gives {to:?}"),
                }
            }
        }
        assert_eq!(every_state().len(), DisputeCode::ALL.len());
    }

    /// what is only a lower bound ends nobody's right, neither the provider's nor the person's.
    #[test]
    fn r11_a_lower_bound_neither_lapses_nor_closes() {
        let open = Deadline::NotBefore {
            date: date(2027, 1, 4),
            missing: 2027,
        };
        let late = date(2099, 1, 1);
        assert!(DisputeState::Opened.lapse(open, late, at()).is_err());
        let decided = DisputeState::Decided {
            verdict: verdict(Outcome::Partly),
        };
        assert!(decided.clone().close(open, late, at()).is_err());
        assert!(decided.appeal(open, late, (at(), "仍然不服".into())).is_ok());
    }

    #[test]
    fn r54_an_appeal_is_for_those_who_were_not_wholly_right_and_in_time() {
        let upheld = DisputeState::Answered { answer: answer() }
            .decide(verdict(Outcome::Upheld))
            .expect("decided");
        assert_eq!(
            upheld.code(),
            DisputeCode::Final,
            "who is wholly right waits for nothing"
        );
        let refusal = |result: Result<DisputeState>| match result {
            Err(Error::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        };
        let grounds = || (at(), "仍然不服".to_owned());
        assert_eq!(
            refusal(upheld.clone().appeal(past(), TODAY(), grounds())),
            "dispute.nothing_to_appeal"
        );
        let rejected = DisputeState::Decided {
            verdict: verdict(Outcome::Rejected),
        };
        assert_eq!(
            refusal(rejected.appeal(past(), TODAY(), grounds())),
            "dispute.appeal_late"
        );
        let again = DisputeState::Final {
            at: at(),
            verdict: verdict(Outcome::Rejected),
            appealed: true,
        };
        assert_eq!(refusal(again.appeal(past(), TODAY(), grounds())), "dispute.appealed");
    }

    #[test]
    fn what_is_stored_is_read_back() {
        for state in every_state() {
            let text = serde_json::to_string(&state).expect("a document");
            assert_eq!(serde_json::from_str::<DisputeState>(&text).expect("a state"), state);
        }
    }

    #[test]
    fn a_case_without_a_provider_waits_for_no_answer() {
        assert_eq!(DisputeState::opened(true, at()).code(), DisputeCode::Opened);
        assert!(DisputeState::opened(false, at()).code().awaits_decision());
    }
}
