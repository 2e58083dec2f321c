//! The comparisons of a year as SQL, for lists and figures over many people.
//!
//! What is compared is the list of [`Yardstick::comparisons`], the same that judges a single person; here each becomes a
//! condition over sums of the balances. Only the sums that some comparison needs are made. Conditions that a person
//! states by name are on no record, so a demand on those alone applies to nobody in a list.
//! A property test over random people and editions holds both to one answer (`tests/it/reports`).

use std::fmt::Write as _;

use db::Value;
use kernel::Code;
use rules::credits::requirement::{Comparison, What};
use rules::reports::Yardstick;

/// A condition or an expression with a `{}` for each of its values, in order.
#[derive(Debug, Clone, Default)]
pub(in crate::reports) struct Text {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Text {
    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn add(&mut self, other: Self) {
        self.sql.push_str(&other.sql);
        self.values.extend(other.values);
    }
}

/// Hours of a part over some years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sum {
    what: What,
    from: i32,
    to: i32,
}

impl Sum {
    /// The hours of one balance `b` that belong to it.
    fn of_balance(self) -> String {
        let Self { from, to, .. } = self;
        let hours = match self.what {
            What::Total => "b.hours",
            What::Public => "case when b.subject = 'public' then b.hours else 0 end",
            What::Compulsory => "case when b.subject = 'public' then b.compulsory else 0 end",
            What::Professional => "case when b.subject = 'professional' then b.hours else 0 end",
        };
        format!("cast(coalesce(sum(case when b.year between {from} and {to} then {hours} else 0 end), 0) as bigint)")
    }
}

/// A yardstick written as SQL. The columns of a person are those of `people` under one alias, the sums `h0`, `h1`, …
/// under another; `h0` is all hours of the year, `h1` its professional ones.
pub(in crate::reports) struct Written {
    sums: Vec<Sum>,
    /// First and last year of the balances that are needed.
    pub(in crate::reports) span: (i32, i32),
    reached: Vec<Text>,
    paced: Vec<Text>,
    over: bool,
}

impl Written {
    /// Writes a yardstick for the aliases of a person and of the sums.
    pub(in crate::reports) fn new(yardstick: &Yardstick, person: &str, sums: &str) -> Self {
        let year = yardstick.year;
        let own = |what| Sum {
            what,
            from: year,
            to: year,
        };
        let mut written = Self {
            sums: vec![own(What::Total), own(What::Professional)],
            span: (year, year),
            reached: Vec::new(),
            paced: Vec::new(),
            over: yardstick.over,
        };
        for one in yardstick.comparisons() {
            if !one.demand.audience.named.is_empty() {
                continue;
            }
            written.span.0 = written.span.0.min(one.from);
            let others = outside(&one, person);
            let demanded = demanded(&one, person);
            let there = format!("{sums}.{}", written.sum(one.what, one.from, one.to));
            let held = format!("{there} >= {demanded}");
            let (passed, of) = yardstick.passed;
            let paced = if one.to < year {
                held.clone()
            } else if one.from < one.to {
                let before = format!("{sums}.{}", written.sum(one.what, one.from, one.to - 1));
                let last = format!("{sums}.{}", written.sum(one.what, one.to, one.to));
                format!("{last} >= ({demanded} - {before}) * {passed} / {of}")
            } else {
                // Wide enough for the largest figure of the longest cycle on both engines.
                format!("{there} >= cast({demanded} as bigint) * {passed} / {of}")
            };
            written.reached.push(condition(others.clone(), &held));
            written.paced.push(condition(others, &paced));
        }
        written
    }

    fn sum(&mut self, what: What, from: i32, to: i32) -> String {
        let wanted = Sum { what, from, to };
        let place = self.sums.iter().position(|sum| *sum == wanted).unwrap_or_else(|| {
            self.sums.push(wanted);
            self.sums.len() - 1
        });
        format!("h{place}")
    }

    /// The sums over rows of balances called `b`, each under its name.
    pub(in crate::reports) fn sums(&self) -> String {
        let columns = self.sums.iter().enumerate();
        let columns: Vec<String> = columns
            .map(|(place, sum)| format!("{} as h{place}", sum.of_balance()))
            .collect();
        columns.join(", ")
    }

    /// Each sum as a query of its own over the balances for which `of` holds.
    pub(in crate::reports) fn sums_of(&self, of: &str) -> String {
        let columns = self.sums.iter().enumerate();
        let columns: Vec<String> = columns
            .map(|(place, sum)| {
                let (from, to) = (sum.from, sum.to);
                format!(
                    "(select {} from credits_balances b where {of} and b.year between {from} and {to}) as h{place}",
                    sum.of_balance()
                )
            })
            .collect();
        columns.join(", ")
    }

    /// Whether everything is reached.
    pub(in crate::reports) fn reached(&self) -> Text {
        all(&self.reached)
    }

    /// Whether somebody who has not reached everything is not behind; a year that is over knows nobody on course.
    pub(in crate::reports) fn on_course(&self) -> Text {
        if self.over {
            all(&self.reached)
        } else {
            all(&self.paced)
        }
    }
}

fn all(conditions: &[Text]) -> Text {
    let mut text = Text::default();
    text.push("(1 = 1");
    for condition in conditions {
        text.push(" and ");
        text.add(condition.clone());
    }
    text.push(")");
    text
}

/// The hours that are demanded of a level.
fn demanded(one: &Comparison<'_>, person: &str) -> String {
    let figure = |hours: kernel::Hours| hours.get() * one.times;
    if one.least.levels.is_empty() {
        return figure(one.least.otherwise).to_string();
    }
    let mut text = format!("case coalesce({person}.title_level, '')");
    for level in &one.least.levels {
        write!(text, " when '{}' then {}", level.level.code(), figure(level.hours)).expect("a string takes text");
    }
    format!("({text} else {} end)", figure(one.least.otherwise))
}

/// Of whom it is not demanded; empty when it is of everybody.
fn outside(one: &Comparison<'_>, person: &str) -> Text {
    let audience = &one.demand.audience;
    let levels: Vec<String> = audience.levels.iter().map(|level| level.code().to_owned()).collect();
    let mut text = Text::default();
    for (column, codes) in [
        ("title_series", &audience.series),
        ("title_level", &levels),
        ("field", &audience.fields),
    ] {
        if codes.is_empty() {
            continue;
        }
        let places = vec!["{}"; codes.len()].join(", ");
        let or = if text.sql.is_empty() { "" } else { " or " };
        text.push(&format!("{or}coalesce({person}.{column}, '') not in ({places})"));
        text.values.extend(codes.iter().map(Value::from));
    }
    text
}

fn condition(outside: Text, holds: &str) -> Text {
    if outside.sql.is_empty() {
        return Text {
            sql: format!("({holds})"),
            values: Vec::new(),
        };
    }
    Text {
        sql: format!("({} or {holds})", outside.sql),
        values: outside.values,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Hours, date};
    use rules::credits::requirement::{Period, shipped};
    use rules::reports::Pace;

    use super::*;

    fn written(change: impl FnOnce(&mut rules::credits::requirement::Edition)) -> Written {
        let mut edition = shipped();
        edition.demands.truncate(1);
        change(&mut edition);
        let yardstick = Yardstick::new(edition, 2026, Pace::DEFAULT, date(2026, 7, 2));
        Written::new(&yardstick, "p", "x")
    }

    #[test]
    fn the_year_of_everybody_needs_two_sums_and_no_value() {
        let plain = written(|_| {});
        assert_eq!(plain.span, (2026, 2026));
        assert_eq!(plain.sums().matches(" as h").count(), 2);
        let reached = plain.reached();
        assert_eq!(reached.sql, "(1 = 1 and (x.h0 >= 9000) and (x.h1 >= 6000))");
        assert!(reached.values.is_empty());
        assert!(
            plain
                .on_course()
                .sql
                .contains("x.h0 >= cast(9000 as bigint) * 183 / 365")
        );
    }

    /// what is demanded of some, and over several years, is asked for with the sums that it needs.
    #[test]
    fn r75_a_cycle_of_some_asks_for_its_years_and_names_whom() {
        let cycle = written(|edition| {
            let mut cycle = edition.demands[0].clone();
            cycle.period = Period::Years { count: 3 };
            cycle.audience.series = vec!["17".into(), "06".into()];
            cycle.figures.truncate(1);
            cycle.figures[0].least.otherwise = Hours::whole(300);
            edition.demands.push(cycle);
        });
        assert_eq!(cycle.span, (2024, 2026));
        let reached = cycle.reached();
        assert!(
            reached
                .sql
                .contains("coalesce(p.title_series, '') not in ({}, {}) or x.h2 >= 30000")
        );
        assert_eq!(reached.values.len(), 2);
        assert!(cycle.on_course().sql.contains("x.h0 >= (30000 - x.h3) * 183 / 365"));
    }
}
