//! Recognition proved: every row of the conversion table with worked examples, and properties of the evaluation.

use kernel::{Hours, date};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::people::TitleLevel;

const TABLE: &str = include_str!("../../../../../data/reference/hour_conversion_rules.csv");
const EXPRESSIONS: &str = include_str!("../../../../../data/editions/conversion-expressions.json");

/// A row of the table as rules of an edition, with examples.
#[derive(Deserialize)]
struct Expression {
    row: usize,
    jurisdiction: String,
    activity: String,
    rules: Vec<Rule>,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    rule: String,
    subject: Option<Subject>,
    quantity: Option<i64>,
    rank: Option<u8>,
    words: Option<i64>,
    taught: Option<Hours>,
    labelled: Option<Hours>,
    from: String,
    to: String,
    claimed_on: Option<String>,
    achievement: Option<String>,
    year: Option<i32>,
    series: Option<String>,
    level: Option<TitleLevel>,
    gives: Vec<(i32, Hours)>,
}

impl Example {
    fn claimed(&self) -> Claimed {
        let day = |text: &str| text.parse().expect("a day");
        Claimed {
            quantity: self.quantity.unwrap_or(100),
            rank: self.rank,
            words: self.words,
            taught: self.taught,
            labelled: self.labelled,
            from: day(&self.from),
            claimed_on: day(self.claimed_on.as_ref().unwrap_or(&self.to)),
            achievement: self.achievement.clone(),
            year: self.year,
            traits: Traits {
                series: self.series.clone(),
                level: self.level,
                ..Traits::default()
            },
            ..Claimed::one(&self.rule, self.subject.unwrap_or(Subject::Professional), day(&self.to))
        }
    }
}

fn edition(rules: Vec<Rule>) -> Edition {
    Edition { rules, ..shipped() }
}

#[test]
fn every_row_of_the_conversion_table_is_expressible() {
    let expressions: Vec<Expression> = serde_json::from_str(EXPRESSIONS).expect("well-formed");
    let rows: Vec<&str> = TABLE.lines().skip(1).collect();
    assert_eq!(expressions.len(), rows.len());
    for (at, (expression, row)) in expressions.into_iter().zip(rows).enumerate() {
        assert_eq!(expression.row, at + 1);
        let start = format!("{},{},", expression.jurisdiction, expression.activity);
        assert!(row.replace('"', "").starts_with(&start), "{row} is not {start}");
        let edition = edition(expression.rules);
        assert_eq!(edition.faults(), [], "{start}");
        for rule in &edition.rules {
            assert!(expression.examples.iter().any(|one| one.rule == rule.code), "{start}");
        }
        for example in &expression.examples {
            let evaluation = evaluate(&edition, &example.claimed(), &Before::default()).expect(&start);
            assert_eq!(evaluation.shares, example.gives, "{start} {:?}", evaluation.steps);
            assert!(evaluation.basis.contains(&evaluation.steps[0]));
        }
    }
}

#[test]
fn r25_the_day_on_which_the_activity_ended_decides_the_edition() {
    let one = Edition {
        until: Some(date(2025, 12, 31)),
        ..shipped()
    };
    assert!(one.is_in_force(one.in_force) && one.is_in_force(date(2025, 12, 31)));
    assert!(!one.is_in_force(date(2026, 1, 1)) && !one.is_in_force(date(2021, 12, 31)));
}

#[test]
fn r29_accountants_have_conversions_of_their_own_and_nobody_else() {
    let edition = shipped();
    let mut claimed = Claimed::one("会计-考试", Subject::Professional, date(2025, 9, 10));
    let refused = evaluate(&edition, &claimed, &Before::default());
    assert!(matches!(
        refused,
        Err(kernel::Error::Refused {
            code: "recognition.audience",
            ..
        })
    ));
    claimed.traits.series = Some("17".into());
    let given = evaluate(&edition, &claimed, &Before::default()).expect("for accountants");
    assert_eq!(given.shares, [(2025, Hours::whole(90))]);
    claimed.claimed_on = date(2026, 4, 1);
    let late = evaluate(&edition, &claimed, &Before::default());
    assert!(matches!(
        late,
        Err(kernel::Error::Refused {
            code: "recognition.late",
            ..
        })
    ));
}

#[test]
fn r26_an_achievement_counts_once_at_its_highest() {
    let edition = sample();
    let mut claimed = Claimed::one("河南-国家课题", Subject::Professional, date(2025, 9, 10));
    claimed.achievement = Some("课题".into());
    claimed.rank = Some(3);
    let mut before = Before::default();
    let first = evaluate(&edition, &claimed, &before).expect("first");
    before.add(&first, claimed.achievement.as_deref());
    let again = evaluate(&edition, &claimed, &before).expect("again");
    assert!(again.shares.is_empty() && again.basis.contains("没有可以再认定"));
    claimed.rank = Some(1);
    let higher = evaluate(&edition, &claimed, &before).expect("higher");
    assert_eq!(first.total() + higher.total(), Hours::whole(64));
    claimed.achievement = None;
    assert!(matches!(
        evaluate(&edition, &claimed, &before),
        Err(kernel::Error::Wrong(_))
    ));
}

#[test]
fn r38_a_quantity_must_be_plausible() {
    let edition = sample();
    let day = date(2025, 6, 30);
    let codes = |change: &dyn Fn(&mut Claimed)| {
        let mut claimed = Claimed::one("泰州-批准培训班", Subject::Professional, day);
        change(&mut claimed);
        match evaluate(&edition, &claimed, &Before::default()) {
            Err(kernel::Error::Wrong(fields)) => fields[0].code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(codes(&|c| c.quantity = -100), "recognition.quantity");
    assert_eq!(codes(&|c| c.quantity = 0), "recognition.quantity");
    assert_eq!(codes(&|c| c.quantity = 101), "recognition.quantity");
    assert_eq!(codes(&|c| c.quantity = i64::MAX), "recognition.quantity");
    assert_eq!(codes(&|c| c.from = date(2025, 7, 1)), "recognition.days");
    assert_eq!(codes(&|c| c.claimed_on = date(2025, 6, 29)), "recognition.future");
    assert_eq!(codes(&|c| c.words = Some(-1)), "recognition.words");
}

#[test]
fn the_editions_that_come_with_the_platform_have_no_fault_and_survive_writing() {
    for edition in [shipped(), sample()] {
        assert_eq!(edition.faults(), []);
        let written = serde_json::to_string(&edition).expect("written");
        assert_eq!(serde_json::from_str::<Edition>(&written).expect("read"), edition);
        assert!(edition.rules.iter().all(|rule| !rule.measure.in_words().is_empty()));
    }
    assert!(sample().name.contains("待市人社局确认"));
    assert!(shipped().rules.iter().all(|rule| rule.audience.series == ["17"]));
}

/// Claims of a day each, under two rules that share a cap and have one of their own.
fn capped() -> Edition {
    let mut rules: Vec<Rule> = sample().rules;
    rules.retain(|rule| matches!(rule.code.as_str(), "泰州-单位培训" | "泰州-只有天数"));
    for rule in &mut rules {
        rule.caps = vec![
            Cap::Year { most: Hours::whole(30) },
            Cap::KindAndYear {
                rules: vec!["泰州-单位培训".into(), "泰州-只有天数".into()],
                most: Hours::whole(40),
            },
        ];
    }
    edition(rules)
}

fn run(edition: &Edition, claims: &[Claimed]) -> Before {
    let mut before = Before::default();
    for claimed in claims {
        let evaluation = evaluate(edition, claimed, &before).expect("evaluates");
        assert_eq!(
            evaluation.total(),
            evaluation.shares.iter().map(|(_, hours)| *hours).sum()
        );
        before.add(&evaluation, claimed.achievement.as_deref());
    }
    before
}

fn claims() -> impl Strategy<Value = Vec<Claimed>> {
    let one = (0..2usize, 2024..2027i32, 1..=100i64).prop_map(|(rule, year, quantity)| Claimed {
        quantity,
        ..Claimed::one(
            ["泰州-单位培训", "泰州-只有天数"][rule],
            Subject::Professional,
            date(year, 5, 4),
        )
    });
    proptest::collection::vec(one, 0..30)
}

proptest! {
    #[test]
    fn r27_caps_are_never_exceeded_and_the_order_does_not_matter_under_one_rule(
        claims in claims(),
        seed in any::<u64>(),
    ) {
        let edition = capped();
        let total = |before: &Before, year, rule: Option<&str>| before.of(year, |code| rule.is_none_or(|rule| rule == code));
        let all = run(&edition, &claims);
        for year in 2024..2027 {
            prop_assert!(total(&all, year, None) <= Hours::whole(40));
            for rule in &edition.rules {
                prop_assert!(total(&all, year, Some(&rule.code)) <= Hours::whole(30));
            }
        }
        // Under one rule with caps by the year the sum is the lesser of what was claimed and the cap, in any order.
        let mut only: Vec<Claimed> = claims.into_iter().filter(|one| one.rule == "泰州-单位培训").collect();
        let forwards = run(&edition, &only);
        let turn = usize::try_from(seed % 31).unwrap_or(0).min(only.len());
        only.rotate_left(turn);
        only.reverse();
        let turned = run(&edition, &only);
        for year in 2024..2027 {
            prop_assert_eq!(total(&forwards, year, None), total(&turned, year, None));
            let claimed: i64 = only.iter().filter(|one| chrono::Datelike::year(&one.to) == year).map(|one| one.quantity * 8).sum();
            prop_assert_eq!(total(&turned, year, None), Hours::hundredths(claimed.min(3_000)));
        }
    }

    #[test]
    fn r28_the_shares_of_a_spread_add_up_and_lie_in_its_years(hours in 1..200_000i64, years in 1..6u32) {
        let claimed = Claimed::one("x", Subject::Professional, date(2025, 6, 30));
        let shares = Spread::OverYears { years }.shares(&claimed, Hours::hundredths(hours)).expect("years");
        prop_assert_eq!(shares.iter().map(|(_, part)| part.get()).sum::<i64>(), hours);
        prop_assert_eq!(shares.len(), usize::try_from(years).expect("few"));
        prop_assert!(shares.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0 && pair[0].1 >= pair[1].1));
    }

    #[test]
    fn r26_the_highest_of_one_achievement_stands_in_any_order(ranks in proptest::collection::vec(1..6u8, 1..8)) {
        let edition = sample();
        let claims: Vec<Claimed> = ranks
            .iter()
            .map(|rank| Claimed {
                rank: Some(*rank),
                achievement: Some("课题".into()),
                ..Claimed::one("河南-国家课题", Subject::Professional, date(2025, 5, 4))
            })
            .collect();
        let best = [64, 56, 48, 40, 32][usize::from(*ranks.iter().min().expect("some")) - 1];
        let stands = run(&edition, &claims).of(2025, |_| true);
        prop_assert_eq!(stands, Hours::whole(best));
    }
}
