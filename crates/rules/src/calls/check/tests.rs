//! The formal check item by item, and what a person's decisions come to.

use kernel::{Hours, date};

use super::super::content::tests::whole;
use super::super::fees::{Confidence, FeeItem, Standard};
use super::super::template::shipped;
use super::*;

fn fees() -> Fees {
    let figures = [
        (FeeItem::SecondClass, 650),
        (FeeItem::AssociateLecture, 500),
        (FeeItem::SeniorLecture, 1_000),
        (FeeItem::HalfDayHours, 4),
    ];
    let standard = |(item, value)| Standard {
        item,
        value,
        basis: "财行〔2016〕540号".into(),
        confidence: Confidence::High,
    };
    Fees::new(figures.into_iter().map(standard).collect())
}

fn verdicts(change: impl FnOnce(&mut Content, &mut Host, &mut Vec<Alike>), late: i64) -> Vec<(Item, Verdict)> {
    let template = shipped().remove(0);
    let mut content = whole();
    let mut host = Host {
        kind: OrgKind::University,
        base: true,
        leading: false,
        provider: true,
        employer: true,
    };
    let mut alike = Vec::new();
    change(&mut content, &mut host, &mut alike);
    let closes_at = Time::local(date(2026, 3, 31), 17, 0);
    let found = examine(&Facts {
        content: &content,
        template: &template,
        submitted_at: Some(closes_at.plus_seconds(late)),
        closes_at,
        host: &host,
        files: &["课程方案".to_owned()],
        fees: &fees(),
        alike: &alike,
    });
    found
        .into_iter()
        .filter(|one| one.verdict != Verdict::Pass)
        .map(|one| (one.item, one.verdict))
        .collect()
}

#[test]
fn what_is_in_order_passes_every_item() {
    assert_eq!(verdicts(|_, _, _| (), 0), []);
}

#[test]
fn r83_a_second_too_late_is_too_late() {
    assert_eq!(verdicts(|_, _, _| (), 1), [(Item::Window, Verdict::Fail)]);
}

#[test]
fn r84_a_fen_above_the_fixed_sum_fails() {
    let cost = |fen| {
        move |content: &mut Content, _: &mut Host, _: &mut Vec<Alike>| {
            content.costs = [("lodging".to_owned(), Money::fen(fen))].into();
        }
    };
    assert_eq!(verdicts(cost(60 * 5 * 65_000), 0), []);
    assert_eq!(verdicts(cost(60 * 5 * 65_000 + 1), 0), [(Item::Budget, Verdict::Fail)]);
}

#[test]
fn r85_fees_and_hours_of_lectures_have_their_ceilings() {
    let found = verdicts(|content, _, _| content.teachers[0].fee = Money::fen(100_001), 0);
    assert_eq!(found, [(Item::Lectures, Verdict::Fail)]);
    let found = verdicts(|content, _, _| content.teachers[0].hours = Hours::whole(9), 0);
    assert_eq!(found, [(Item::LectureHours, Verdict::Fail)]);
}

#[test]
fn r86_an_alike_title_is_looked_at_and_refuses_nothing_by_itself() {
    let alike = Alike {
        number: "XM2025-0001".into(),
        title: "先进封装".into(),
        percent: 80,
    };
    assert_eq!(
        verdicts(|_, _, found| found.push(alike), 0),
        [(Item::Duplicate, Verdict::Look)]
    );
}

#[test]
fn r87_who_may_not_declare_fails() {
    let found = verdicts(
        |_, host, _| {
            host.base = false;
            host.provider = false;
        },
        0,
    );
    assert_eq!(found, [(Item::Declarant, Verdict::Fail)]);
}

#[test]
fn a_person_decides_every_item_and_explains_what_differs() {
    let found = [
        finding(Item::Window, Verdict::Pass, ""),
        finding(Item::Duplicate, Verdict::Look, ""),
    ];
    let judge = |item, verdict, reason: &str| Judged {
        item,
        verdict,
        reason: reason.into(),
    };
    let pass = judge(Item::Window, Verdict::Pass, "");
    assert!(conclude(&found, std::slice::from_ref(&pass)).is_err());
    assert!(conclude(&found, &[pass.clone(), judge(Item::Duplicate, Verdict::Pass, "")]).is_err());
    let explained = judge(Item::Duplicate, Verdict::Pass, "对象不同，内容不重复");
    assert!(conclude(&found, &[pass, explained.clone()]).unwrap());
    let failed = judge(Item::Window, Verdict::Fail, "系统时间有误，已核对");
    assert!(!conclude(&found, &[failed, explained]).unwrap());
}
