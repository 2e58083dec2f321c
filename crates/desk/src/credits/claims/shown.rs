//! Claims in the words of the pages: states, choices, the steps of writing one, how an estimate is said.

use kernel::{Code, id::ClaimId};
use learning::credits::claims::Claim;
use rules::credits::claims::ClaimCode;
use ui::{Alert, Choice, Details, Html, State, Steps, Tone};

pub(super) const SECTIONS: [(&str, &str); 3] = [("填写事实", "facts"), ("上传佐证", "evidence"), ("核对提交", "check")];

pub(super) fn at(id: ClaimId, section: &str) -> String {
    format!("/desk/my/claims/{id}/{section}")
}

/// The steps of writing a claim, those before the current one as ways back.
pub(super) fn steps(id: ClaimId, current: usize) -> Steps {
    let titles = std::iter::once("选择种类").chain(SECTIONS.iter().map(|(title, _)| *title));
    let mut steps = Steps::new(current + 1, titles);
    for (step, (_, section)) in steps.steps.iter_mut().skip(1).zip(SECTIONS).take(current) {
        step.href = at(id, section);
    }
    steps
}

pub(super) const fn state(code: ClaimCode) -> State {
    match code {
        ClaimCode::Draft => State::Draft,
        ClaimCode::Submitted => State::AwaitingEmployer,
        ClaimCode::Confirmed => State::AwaitingRecognition,
        ClaimCode::Returned => State::Returned,
        ClaimCode::Refused => State::NotRecognised,
        ClaimCode::Withdrawn => State::TakenBack,
        ClaimCode::Recognised => State::Recognised,
        ClaimCode::Voided => State::Voided,
    }
}

pub(super) fn choices<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|each| Choice::new(each.code(), name(*each)))
        .collect()
}

/// The estimate with its steps.
pub(super) fn estimate(claim: &Claim) -> Html {
    if claim.steps.is_empty() {
        let note = Alert::new(Tone::Neutral, "预计学时").text("填写完整后，这里会显示能计多少学时、怎样算出来的。");
        return Html::of(&note);
    }
    let title = format!("预计认定 {} 学时", claim.hours);
    let why = Details::new("为什么", Html::paragraphs(claim.steps.iter().map(String::as_str)));
    let note = Alert::new(Tone::Active, &title)
        .text("这是按现在的情况估算，以认定时为准。")
        .body(Html::paragraphs(["这是按现在的情况估算，以认定时为准。"]).and(&why));
    Html::of(&note)
}

/// A quantity in hundredths as people write it.
pub(super) fn amount(hundredths: i64) -> String {
    kernel::Hours::hundredths(hundredths).to_string()
}
