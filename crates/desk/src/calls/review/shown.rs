//! Rounds and reviews in the words of the pages.

use kernel::Code;
use oversight::calls::review::{Outcome, RoundId};
use rules::calls::review::{ReviewCode, RoundCode, Settings};
use ui::{Alert, Cell, Choice, Details, Html, State, Summary, Tone};

pub(super) const fn round_state(code: RoundCode) -> State {
    match code {
        RoundCode::Preparing => State::AwaitingAssignment,
        RoundCode::Drafted => State::AwaitingSending,
        RoundCode::Reviewing => State::InReview,
        RoundCode::Closed => State::Ended,
    }
}

pub(super) const fn review_state(code: ReviewCode) -> State {
    match code {
        ReviewCode::Drafted => State::AwaitingSending,
        ReviewCode::Sent => State::AwaitingAcceptance,
        ReviewCode::Accepted => State::InReview,
        ReviewCode::Recused => State::Recused,
        ReviewCode::Signed => State::Signed,
    }
}

pub(super) fn choices<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|each| Choice::new(each.code(), name(*each)))
        .collect()
}

pub(super) fn at(id: RoundId) -> String {
    format!("/desk/review-rounds/{id}")
}

fn list(title: &str, lines: &[String]) -> Html {
    Html::of(&Details::new(title, Html::paragraphs(lines.iter().map(String::as_str))))
}

/// What the last assignment came to.
pub(super) fn outcome(outcome: &Outcome, seed: u64) -> Alert {
    match outcome {
        Outcome::Assigned {
            pairs,
            worst,
            total,
            proven,
        } => {
            let worst = worst.map_or_else(
                || "没有需要自动分配的评审".to_owned(),
                |worst| format!("最低匹配度 {worst}，在能分齐的前提下已经最高"),
            );
            let proof = if *proven {
                "最优性已独立核验"
            } else {
                "最优性未能核验，请重新分配"
            };
            let text = format!(
                "共 {pairs} 件评审；{worst}；匹配度合计 {total}，同样条件下最高；{proof}。并列时按种子 {seed} 取舍，任何人可以重算。"
            );
            Alert::new(if *proven { Tone::Good } else { Tone::Bad }, "分配完成").text(&text)
        }
        Outcome::Short {
            missing,
            declarations,
            experts,
            binding,
            reliefs,
        } => {
            let mut lead = format!("{} 项申报（{}）竞争", declarations.len(), some(declarations));
            lead.push_str(&if experts.is_empty() {
                "，没有可用的专家。".to_owned()
            } else {
                format!(" {} 位专家（{}）。", experts.len(), some(experts))
            });
            let body = Html::paragraphs([lead.as_str()])
                .and(&list("受什么限制", binding))
                .and(&list("这样就能分齐", reliefs));
            Alert::new(Tone::Warn, &format!("无法分齐，最少缺 {missing} 件评审")).body(body)
        }
        Outcome::Contradicted(lines) => Alert::new(Tone::Bad, "已有的分配不符合约束，请先调整")
            .body(Html::paragraphs(lines.iter().map(String::as_str))),
    }
}

fn some(words: &[String]) -> String {
    let first: Vec<&str> = words.iter().take(6).map(String::as_str).collect();
    let more = if words.len() > first.len() { " 等" } else { "" };
    format!("{}{more}", first.join("、"))
}

/// What the call says of its review.
pub(super) fn settings(settings: &Settings) -> Summary {
    let criteria: Vec<String> = settings
        .scorecard
        .leaves()
        .iter()
        .map(|leaf| format!("{} {}%", leaf.criterion.name, leaf.share / 10_000))
        .collect();
    let ties: Vec<&str> = settings.ties.iter().map(|tie| tie.name()).collect();
    let mix: Vec<String> = settings
        .mix
        .iter()
        .map(|rule| format!("{} {} 到 {} 位", rule.background.name(), rule.min, rule.max))
        .collect();
    let facts = Summary::new()
        .fact("每项评审人数", Cell::text(format!("{} 位", settings.reviews)))
        .fact("评分表", Cell::text(criteria.join("，")))
        .fact("计分方法", Cell::text(settings.method.name()))
        .fact("评分分歧限度", Cell::text(format!("{} 分", settings.apart)))
        .why("最高分与最低分相差超过限度的，评审组须讨论并登记纪要。")
        .fact("盲评", Cell::text(if settings.blind { "是" } else { "否" }))
        .fact("曾任职回避", Cell::text(format!("{} 年", settings.former_years)))
        .fact("同分时", Cell::text(ties.join("，再")));
    if mix.is_empty() {
        facts
    } else {
        facts.fact("专家构成", Cell::text(mix.join("，")))
    }
}
