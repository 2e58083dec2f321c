//! Requirements proved: every row of the table with worked examples, and properties of the comparison.

use kernel::{Hours, date};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::credits::{Subject, recognition};
use crate::people::TitleLevel;

const TABLE: &str = include_str!("../../../../../data/reference/hours_requirements.csv");
const EXPRESSIONS: &str = include_str!("../../../../../data/editions/requirement-expressions.json");

/// A row of the table as demands of an edition, with examples; what it says of conversion, as rules.
#[derive(Deserialize)]
struct Expression {
    row: usize,
    jurisdiction: String,
    demands: Vec<Demand>,
    #[serde(default)]
    rules: Vec<recognition::Rule>,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    year: i32,
    hours: Vec<YearHours>,
    series: Option<String>,
    level: Option<TitleLevel>,
    #[serde(default)]
    named: Vec<String>,
    missing: Vec<Missing>,
}

#[derive(Deserialize)]
struct YearHours {
    year: i32,
    public: Hours,
    compulsory: Hours,
    professional: Hours,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Missing {
    demand: String,
    what: What,
    hours: Hours,
}

impl Example {
    fn years(&self) -> Years {
        let mut years = Years::from(self.year - 10);
        for one in &self.hours {
            years.add(one.year, Subject::Public, one.public, one.compulsory);
            years.add(one.year, Subject::Professional, one.professional, Hours::ZERO);
        }
        years
    }

    fn traits(&self) -> Traits {
        Traits {
            series: self.series.clone(),
            level: self.level,
            named: self.named.clone(),
            ..Traits::default()
        }
    }
}

#[test]
fn every_row_of_the_requirement_table_is_expressible() {
    let expressions: Vec<Expression> = serde_json::from_str(EXPRESSIONS).expect("well-formed");
    let rows: Vec<&str> = TABLE.lines().skip(1).collect();
    assert_eq!(expressions.len(), rows.len());
    for (at, (expression, row)) in expressions.into_iter().zip(rows).enumerate() {
        assert_eq!(expression.row, at + 1);
        assert!(row.starts_with(&format!("{},", expression.jurisdiction)), "{row}");
        assert!(!expression.examples.is_empty(), "{row}");
        let mut demands = vec![shipped().demands[0].clone()];
        demands[0].until_year = Some(2000);
        demands[0].code = "floor".into();
        demands.extend(expression.demands);
        let edition = Edition { demands, ..shipped() };
        assert_eq!(edition.faults(), [], "{row}");
        let converting = recognition::Edition {
            rules: expression.rules,
            ..recognition::shipped()
        };
        assert_eq!(converting.faults(), [], "{row}");
        for example in &expression.examples {
            told(&edition, example, row);
        }
    }
}

/// The long and the short answer, both as the example says.
fn told(edition: &Edition, example: &Example, row: &str) {
    let (traits, years) = (example.traits(), example.years());
    let outcomes = edition.outcomes(&traits, example.year, &years);
    let mut missing: Vec<Missing> = Vec::new();
    for outcome in &outcomes {
        assert_eq!(outcome.sentence().contains("还差"), !outcome.gaps.is_empty());
        for gap in &outcome.gaps {
            let demand = outcome.demand.code.clone();
            missing.push(Missing {
                demand,
                what: gap.what,
                hours: gap.missing(),
            });
        }
    }
    assert_eq!(missing, example.missing, "{row} {}", example.year);
    let reached = edition.reached(&traits, example.year, &years);
    assert_eq!(reached.annual && reached.title, missing.is_empty(), "{row}");
}

#[test]
fn the_editions_that_come_with_the_platform_have_no_fault_and_survive_writing() {
    for edition in [shipped(), sample()] {
        assert_eq!(edition.faults(), []);
        let written = serde_json::to_string(&edition).expect("written");
        assert_eq!(serde_json::from_str::<Edition>(&written).expect("read"), edition);
    }
}

#[test]
fn r3_r4_the_nation_demands_ninety_and_sixty_of_everybody() {
    let nation = national();
    assert_eq!(
        (nation.total, nation.professional),
        (Hours::whole(90), Hours::whole(60))
    );
    assert_eq!(nation.confidence, Confidence::High);
    assert!(nation.source.contains("第25号"));
}

#[test]
fn r30_shanghai_demands_ninety_public_hours_in_three_years_for_a_title() {
    let edition = shipped();
    let mut years = Years::from(2020);
    years.add(2024, Subject::Public, Hours::whole(60), Hours::whole(45));
    years.add(2026, Subject::Public, Hours::whole(30), Hours::ZERO);
    let traits = Traits::default();
    assert!(edition.reached(&traits, 2026, &years).title);
    assert!(!edition.reached(&traits, 2027, &years).title);
}

#[test]
fn r31_accountants_have_a_year_of_their_own_beside_the_nations() {
    let accountant = Traits {
        series: Some("17".into()),
        ..Traits::default()
    };
    let requirement = shipped().requirement(&accountant, 2025);
    assert!(requirement.source.contains("沪财会〔2025〕14号") && requirement.source.contains("第25号"));
    let demands: Vec<_> = shipped()
        .demands_for(&accountant, 2025)
        .map(|one| one.window.is_some())
        .collect();
    assert_eq!(demands, [false, false, true]);
    assert!(!shipped().requirement(&accountant, 2024).source.contains("沪财会"));
}

#[test]
fn r32_metallurgy_demands_a_hundred_and_eighty_in_three_years_of_those_it_names() {
    let traits = Traits {
        named: vec!["冶金专业".into()],
        ..Traits::default()
    };
    let edition = shipped();
    let demands: Vec<&str> = edition
        .demands_for(&traits, 2026)
        .map(|one| one.code.as_str())
        .collect();
    assert!(demands.contains(&"shanghai-metallurgy"));
    assert!(
        !edition
            .demands_for(&Traits::default(), 2026)
            .any(|one| one.code == "shanghai-metallurgy")
    );
}

#[test]
fn r37_of_each_part_the_most_that_is_demanded_holds() {
    let requirement = sample().requirement(&Traits::default(), 2026);
    assert_eq!(
        (requirement.total, requirement.professional),
        (Hours::whole(90), Hours::whole(60))
    );
    assert_eq!(requirement.public, Hours::whole(30));
    assert_eq!(requirement.confidence, Confidence::Medium);
    let mut without = sample();
    without.demands.remove(0);
    assert_eq!(without.faults().len(), 1);
    assert!(shipped().is_in_force(date(2026, 1, 1)) && !shipped().is_in_force(date(2015, 9, 30)));
}

proptest! {
    #[test]
    fn more_hours_never_miss_what_fewer_reached(
        hours in proptest::collection::vec((2020..2030i32, 0..2usize, 0..10_000i64), 0..20),
        more in (2020..2030i32, 0..2usize, 0..10_000i64),
        series in 0..2usize,
    ) {
        let traits = Traits { series: [None, Some("17".to_owned())][series].clone(), ..Traits::default() };
        let edition = sample();
        let mut years = Years::from(2015);
        let add = |years: &mut Years, (year, subject, hours): (i32, usize, i64)| {
            let subject = [Subject::Public, Subject::Professional][subject];
            years.add(year, subject, Hours::hundredths(hours), Hours::hundredths(hours / 2));
        };
        for one in hours {
            add(&mut years, one);
        }
        let before: Vec<Reached> = (2020..2030).map(|year| edition.reached(&traits, year, &years)).collect();
        add(&mut years, more);
        for (before, year) in before.into_iter().zip(2020..2030) {
            let after = edition.reached(&traits, year, &years);
            prop_assert!(after.annual || !before.annual);
            prop_assert!(after.title || !before.title);
            let outcomes = edition.outcomes(&traits, year, &years);
            prop_assert_eq!(outcomes.iter().all(|one| one.gaps.is_empty()), after.annual && after.title);
        }
    }
}
