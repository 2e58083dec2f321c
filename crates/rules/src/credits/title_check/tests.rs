//! Every demand at its edges, every weight, and editions of other places as examples of what can be said.

use kernel::date;
use proptest::prelude::*;

use super::*;
use crate::credits::Confidence;
use crate::credits::requirement::{Audience, ByLevel, Figure, Years, shipped};

fn target(level: TitleLevel) -> Target {
    Target {
        series: "05".into(),
        level,
        specialty: None,
        on: date(2026, 5, 20),
    }
}

fn earned(year: i32, subject: Subject, hours: i64, compulsory: Option<bool>) -> Earned {
    Earned {
        id: EntryId::new(i64::from(year)),
        year,
        subject,
        hours: Hours::whole(hours),
        compulsory,
    }
}

fn public(hours: i64, compulsory: Option<bool>) -> Vec<Earned> {
    (2023..=2025)
        .map(|year| earned(year, Subject::Public, hours, compulsory))
        .collect()
}

fn judged(entries: &[Earned]) -> TitleCheck {
    judge(&shipped(), &target(TitleLevel::Associate), entries)
}

/// the years before the year of application, as many as the edition says, and no other.
#[test]
fn r64_the_years_looked_back_are_those_of_the_edition() {
    assert_eq!(target(TitleLevel::Associate).span(&shipped()), Some((2023, 2025)));
    let elsewhere = [2022, 2026].map(|year| earned(year, Subject::Public, 900, Some(true)));
    assert_eq!(judged(&elsewhere).verdict, Verdict::NotMet);
}

/// 公需 90 of which 必修 45; what is not on record decides nothing.
#[test]
fn r64_shanghai_asks_for_ninety_public_hours_and_forty_five_compulsory() {
    let verdicts = |entries: &[Earned]| -> Vec<Verdict> {
        judged(entries).judged[0]
            .findings
            .iter()
            .map(|finding| finding.verdict)
            .collect()
    };
    use Verdict::{Met, NotMet, Unknown};
    assert_eq!(verdicts(&public(30, Some(true))), [Met, Met]);
    assert_eq!(verdicts(&public(30, Some(false))), [Met, NotMet]);
    assert_eq!(verdicts(&public(30, None)), [Met, Unknown]);
    assert_eq!(verdicts(&public(14, None)), [NotMet, NotMet]);
    let mut mixed = public(15, Some(true));
    mixed.extend(public(15, None));
    assert_eq!(verdicts(&mixed), [Met, Met]);
    assert_eq!(judged(&public(30, Some(true))).verdict, Met);
    assert_eq!(judged(&public(30, None)).verdict, Unknown);
    assert_eq!(judged(&public(29, None)).verdict, NotMet);
    assert!(judged(&public(29, None)).sentence().contains("还差 3 学时"));
}

/// A reversal cancels the entry it takes back.
#[test]
fn a_reversed_hour_does_not_help() {
    let mut entries = public(30, Some(true));
    entries.push(earned(2024, Subject::Public, -30, Some(true)));
    assert_eq!(judged(&entries).verdict, Verdict::NotMet);
}

#[test]
fn advice_is_told_and_decides_nothing() {
    let check = judged(&public(30, Some(true)));
    let advice: Vec<&Judged> = check
        .judged
        .iter()
        .filter(|each| each.weight == Weight::Advice)
        .collect();
    assert_eq!(advice.len(), 1);
    assert_eq!(advice[0].findings[0].verdict, Verdict::NotMet);
    assert_eq!(check.verdict, Verdict::Met);
    assert!(
        advice[0].findings[0]
            .sentence
            .contains("2024 年 30 学时（专业 0）未达到")
    );
}

#[test]
fn a_specialty_adds_its_own_demand_and_an_unknown_one_is_refused() {
    let edition = shipped();
    assert_eq!(specialties(&edition), ["冶金专业"]);
    let mut of = target(TitleLevel::Intermediate);
    of.specialty = Some("冶金专业".into());
    let check = judge(&edition, &of, &public(30, Some(true)));
    assert_eq!(check.verdict, Verdict::NotMet);
    assert!(check.sentence().contains("要求 180 学时"));
    assert!(take(&edition, &of, date(2026, 3, 5)).is_ok());
    of.specialty = Some("炼金".into());
    assert!(take(&edition, &of, date(2026, 3, 5)).is_err());
    for on in [date(2015, 9, 30), date(2028, 1, 1)] {
        let of = Target {
            on,
            ..target(TitleLevel::Senior)
        };
        assert!(take(&edition, &of, date(2026, 3, 5)).is_err());
    }
}

fn hunan(level: TitleLevel, count: u8) -> Demand {
    let of = |what, hours| Figure {
        what,
        least: ByLevel::all(Hours::whole(hours)),
        made_of: Vec::new(),
    };
    Demand {
        code: format!("hn-{count}"),
        name: "每年 90 学时".into(),
        purpose: Decides::Title,
        audience: Audience {
            levels: vec![level],
            ..Audience::default()
        },
        from_year: 2025,
        until_year: None,
        period: Period::EachOfYears { count },
        figures: vec![of(What::Total, 90), of(What::Professional, 60)],
        window: None,
        late: None,
        carry: super::super::requirement::Carry::Never,
        source: Source {
            document: "湘人社办函〔2025〕37号".into(),
            article: String::new(),
            address: String::new(),
            confidence: Confidence::High,
            note: String::new(),
        },
    }
}

/// 湖南 looks five years back for 高级 and four for 中级 (湘人社办函〔2025〕37号): another edition, no other code.
#[test]
fn other_places_can_be_said_in_the_same_words() {
    let edition = Edition {
        demands: vec![hunan(TitleLevel::Senior, 5), hunan(TitleLevel::Intermediate, 4)],
        ..shipped()
    };
    assert_eq!(target(TitleLevel::Senior).span(&edition), Some((2021, 2025)));
    assert_eq!(target(TitleLevel::Intermediate).span(&edition), Some((2022, 2025)));
    assert_eq!(target(TitleLevel::Assistant).span(&edition), None);
    let none = judge(&edition, &target(TitleLevel::Assistant), &[]);
    assert_eq!(none.verdict, Verdict::Unknown, "no rule is not a yes");
    let four: Vec<Earned> = (2022..=2025)
        .map(|year| earned(year, Subject::Professional, 90, None))
        .collect();
    assert_eq!(
        judge(&edition, &target(TitleLevel::Intermediate), &four).verdict,
        Verdict::Met
    );
    let senior = judge(&edition, &target(TitleLevel::Senior), &four);
    assert_eq!(senior.verdict, Verdict::NotMet);
    assert!(
        senior.sentence().contains("2021 年总学时 0 学时"),
        "{}",
        senior.sentence()
    );
}

/// The check and the requirement's own comparison agree wherever every entry says whether it is 必修.
#[test]
fn the_check_agrees_with_the_edition() {
    let edition = shipped();
    for hours in [0, 14, 15, 29, 30, 31, 90] {
        for compulsory in [true, false] {
            let entries = public(hours, Some(compulsory));
            let mut years = Years::from(2020);
            for each in &entries {
                let part = if compulsory { each.hours } else { Hours::ZERO };
                years.add(each.year, each.subject, each.hours, part);
            }
            let reached = edition
                .reached(&target(TitleLevel::Associate).traits(), 2025, &years)
                .title;
            let verdict = if reached { Verdict::Met } else { Verdict::NotMet };
            assert_eq!(judged(&entries).verdict, verdict, "{hours} {compulsory}");
        }
    }
}

#[test]
fn an_answer_reads_what_it_wrote_and_its_members_are_in_order() {
    let rules = AnswerRule::all(&judged(&public(30, None)));
    let text = serde_json::to_string(&rules[0]).expect("writes");
    let at = |name: &str| text.find(&format!("\"{name}\"")).expect(name);
    let names = ["code", "confidence", "decides", "findings", "name", "source"];
    assert!(names.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{text}");
    assert_eq!(serde_json::from_str::<AnswerRule>(&text).expect("reads"), rules[0]);
}

proptest! {
    /// More hours never turn a yes into a no.
    #[test]
    fn r64_more_hours_never_hurt(base in prop::collection::vec((2021_i32..2028, 0_i64..80, prop::option::of(any::<bool>())), 0..12), more in 1_i64..60) {
        let entries: Vec<Earned> = base.iter().map(|(year, hours, compulsory)| earned(*year, Subject::Public, *hours, *compulsory)).collect();
        let mut better = entries.clone();
        better.push(earned(2024, Subject::Public, more, Some(true)));
        let rank = |verdict| match verdict { Verdict::NotMet => 0, Verdict::Unknown => 1, Verdict::Met => 2 };
        prop_assert!(rank(judged(&better).verdict) >= rank(judged(&entries).verdict));
    }
}
