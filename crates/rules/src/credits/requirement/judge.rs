//! Sums of hours compared with demands.
//!
//! `Edition::reached` is the short answer for counting a whole city: no allocation, no words. `Edition::outcomes` is the
//! long one for a person: each demand with its years and gaps. Both go through `Demand::comparisons`, and so does the SQL
//! that narrows lists of a city (`oversight/reports`): R-75, one evaluation decides everywhere.

use kernel::{Code, Hours};

use super::{ByLevel, Demand, Edition, Period, Purpose, Traits, What};
use crate::credits::{PeriodLine, Subject};
use crate::people::TitleLevel;

/// Hours of one year by part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// 公需科目.
    pub public: Hours,
    /// Of them compulsory.
    pub compulsory: Hours,
    /// 专业科目.
    pub professional: Hours,
}

impl Sums {
    /// The hours of a part.
    #[must_use]
    pub fn of(&self, what: What) -> Hours {
        match what {
            What::Total => self.public + self.professional,
            What::Public => self.public,
            What::Compulsory => self.compulsory,
            What::Professional => self.professional,
        }
    }

    /// Adds hours of a subject, of them so many compulsory.
    pub fn add(&mut self, subject: Subject, hours: Hours, compulsory: Hours) {
        match subject {
            Subject::Public => {
                self.public = self.public + hours;
                self.compulsory = self.compulsory + compulsory;
            }
            Subject::Professional => self.professional = self.professional + hours,
        }
    }
}

/// The sums of a person by year, for at most [`Years::SPAN`] years from a first one.
#[derive(Debug, Clone, Copy)]
pub struct Years {
    first: i32,
    sums: [Sums; Years::SPAN],
}

impl Years {
    /// How many years are kept.
    pub const SPAN: usize = 16;

    /// No hours, from this year on.
    #[must_use]
    pub const fn from(first: i32) -> Self {
        const NOTHING: Sums = Sums {
            public: Hours::ZERO,
            compulsory: Hours::ZERO,
            professional: Hours::ZERO,
        };
        Self {
            first,
            sums: [NOTHING; Self::SPAN],
        }
    }

    /// The sums of a year; of one outside, nothing.
    #[must_use]
    pub fn of(&self, year: i32) -> Sums {
        self.index(year).map(|at| self.sums[at]).unwrap_or_default()
    }

    /// Adds to a year; a year outside is left out.
    pub fn add(&mut self, year: i32, subject: Subject, hours: Hours, compulsory: Hours) {
        if let Some(at) = self.index(year) {
            self.sums[at].add(subject, hours, compulsory);
        }
    }

    fn index(&self, year: i32) -> Option<usize> {
        usize::try_from(year - self.first).ok().filter(|at| *at < Self::SPAN)
    }

    fn sum(&self, what: What, from: i32, to: i32) -> Hours {
        (from..=to).map(|year| self.of(year).of(what)).sum()
    }
}

/// The short answer for a person and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Every demand of the year.
    pub annual: bool,
    /// Every demand of a title application at the end of the year; true where there is none.
    pub title: bool,
}

/// A part of a demand that is not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Of what.
    pub what: What,
    /// The last year of those that were added up; the year itself where each stands alone.
    pub year: i32,
    /// What is demanded.
    pub least: Hours,
    /// What is there.
    pub reached: Hours,
}

impl Gap {
    /// What is missing.
    #[must_use]
    pub fn missing(&self) -> Hours {
        (self.least - self.reached).or_zero()
    }
}

/// A demand compared with a person's hours.
#[derive(Debug, Clone)]
pub struct Outcome<'a> {
    /// The demand.
    pub demand: &'a Demand,
    /// First year looked at.
    pub from: i32,
    /// Last year looked at.
    pub to: i32,
    /// What is not reached; empty when all is.
    pub gaps: Vec<Gap>,
    /// What is there by part, over the whole period.
    pub reached: Vec<(What, Hours, Hours)>,
}

/// The hours of a part over some years beside what is demanded of them. All that is compared is compared by these, one
/// person by [`Comparison::holds`], a whole city by the same list written as SQL.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// Whose demand.
    pub demand: &'a Demand,
    /// Of what.
    pub what: What,
    /// First year added up.
    pub from: i32,
    /// Last year added up.
    pub to: i32,
    /// The figure, by level.
    pub least: &'a ByLevel,
    /// How many times the figure is demanded.
    pub times: i64,
}

impl Comparison<'_> {
    /// The hours that are demanded of a level.
    #[must_use]
    pub fn demanded(&self, level: Option<TitleLevel>) -> Hours {
        Hours::hundredths(self.least.of(level).get() * self.times)
    }

    /// The hours that are there.
    #[must_use]
    pub fn there(&self, years: &Years) -> Hours {
        years.sum(self.what, self.from, self.to)
    }

    /// Whether what is demanded is there.
    #[must_use]
    pub fn holds(&self, traits: &Traits, years: &Years) -> bool {
        self.there(years) >= self.demanded(traits.level)
    }

    /// Whether the last year has, of what the years before it left open, the share that has passed of it.
    #[must_use]
    pub fn keeps_pace(&self, traits: &Traits, years: &Years, (passed, of): (i64, i64)) -> bool {
        let before = years.sum(self.what, self.from, self.to - 1);
        let open = self.demanded(traits.level) - before;
        years.of(self.to).of(self.what) >= Hours::hundredths(open.get() * passed / of)
    }
}

/// What is missing, by part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shortfall {
    /// Of all hours; what is missing in a subject is not added here.
    pub total: Hours,
    /// Of 专业科目.
    pub professional: Hours,
    /// Of 公需科目.
    pub public: Hours,
    /// Of its compulsory part.
    pub compulsory: Hours,
}

impl Shortfall {
    /// What is missing of a part.
    #[must_use]
    pub const fn of(&self, what: What) -> Hours {
        match what {
            What::Total => self.total,
            What::Public => self.public,
            What::Compulsory => self.compulsory,
            What::Professional => self.professional,
        }
    }

    /// Of two demands on a part the larger gap counts.
    pub fn widen(&mut self, what: What, missing: Hours) {
        let part = match what {
            What::Total => &mut self.total,
            What::Public => &mut self.public,
            What::Compulsory => &mut self.compulsory,
            What::Professional => &mut self.professional,
        };
        *part = (*part).max(missing);
    }

    /// Together with another: of each part the larger gap.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for what in What::ALL {
            self.widen(*what, other.of(*what));
        }
        self
    }

    /// What is missing in 公需科目: compulsory hours are hours in it.
    #[must_use]
    pub fn in_public(&self) -> Hours {
        self.public.max(self.compulsory)
    }

    /// What is missing in all: what is missing in a subject is missing in all as well.
    #[must_use]
    pub fn in_all(&self) -> Hours {
        self.total.max(self.professional + self.in_public())
    }
}

impl Demand {
    /// What is compared when it is judged for a year.
    pub fn comparisons(&self, year: i32) -> impl Iterator<Item = Comparison<'_>> {
        self.figures.iter().flat_map(move |figure| {
            spans(self.period, year).map(move |(from, to, times)| Comparison {
                demand: self,
                what: figure.what,
                from,
                to,
                least: &figure.least,
                times,
            })
        })
    }

    fn is_reached(&self, traits: &Traits, year: i32, years: &Years) -> bool {
        self.comparisons(year).all(|one| one.holds(traits, years))
    }

    fn outcome(&self, traits: &Traits, year: i32, years: &Years) -> Outcome<'_> {
        let (mut gaps, mut reached): (Vec<Gap>, Vec<(What, Hours, Hours)>) = (Vec::new(), Vec::new());
        for one in self.comparisons(year) {
            let (there, least) = (one.there(years), one.demanded(traits.level));
            if there < least {
                gaps.push(Gap {
                    what: one.what,
                    year: one.to,
                    least,
                    reached: there,
                });
            }
            match reached.last_mut() {
                Some((what, sum, demanded)) if *what == one.what => {
                    *sum = *sum + there;
                    *demanded = *demanded + least;
                }
                _ => reached.push((one.what, there, least)),
            }
        }
        Outcome {
            demand: self,
            from: year - i32::from(self.period.years()) + 1,
            to: year,
            gaps,
            reached,
        }
    }
}

/// The stretches of years that are added up, with how many times the figure is demanded of each.
fn spans(period: Period, year: i32) -> impl Iterator<Item = (i32, i32, i64)> {
    let first = year - i32::from(period.years()) + 1;
    let (single, times) = match period {
        Period::Year | Period::EachOfYears { .. } => (true, 1),
        Period::Years { .. } => (false, 1),
        Period::Term { least, .. } => (false, i64::from(least)),
    };
    let ends = if single { first..=year } else { year..=year };
    ends.map(move |end| (if single { end } else { first }, end, times))
}

impl Edition {
    /// What is compared to say whether a year is reached: every comparison of every yearly demand and cycle of the year,
    /// of whomever it is demanded.
    pub fn annual_comparisons(&self, year: i32) -> impl Iterator<Item = Comparison<'_>> {
        self.demands
            .iter()
            .filter(move |demand| demand.purpose == Purpose::Annual && demand.is_of(year))
            .flat_map(move |demand| demand.comparisons(year))
    }

    /// What is missing of the year for a person, cycles that end with it among it.
    #[must_use]
    pub fn shortfall(&self, traits: &Traits, year: i32, years: &Years) -> Shortfall {
        let mut missing = Shortfall::default();
        for one in self.annual_comparisons(year) {
            if one.demand.audience.holds(traits) {
                missing.widen(one.what, (one.demanded(traits.level) - one.there(years)).or_zero());
            }
        }
        missing
    }

    /// Whether a person reaches what is demanded for a year.
    #[must_use]
    pub fn reached(&self, traits: &Traits, year: i32, years: &Years) -> Reached {
        let mut reached = Reached {
            annual: true,
            title: true,
        };
        for demand in self.demands_for(traits, year) {
            let part = match demand.purpose {
                Purpose::Annual => &mut reached.annual,
                Purpose::Title => &mut reached.title,
            };
            *part = *part && demand.is_reached(traits, year, years);
        }
        reached
    }

    /// The demands that look at more than the year, compared: what a statement tells besides the year itself.
    #[must_use]
    pub fn periods(&self, traits: &Traits, year: i32, years: &Years) -> Vec<PeriodLine> {
        self.demands_for(traits, year)
            .filter(|demand| demand.period != Period::Year || demand.purpose == Purpose::Title)
            .map(|demand| demand.outcome(traits, year, years).line())
            .collect()
    }

    /// Every demand that applies, compared.
    #[must_use]
    pub fn outcomes<'a>(&'a self, traits: &'a Traits, year: i32, years: &Years) -> Vec<Outcome<'a>> {
        self.demands_for(traits, year)
            .map(|demand| demand.outcome(traits, year, years))
            .collect()
    }
}

impl Outcome<'_> {
    /// As a statement tells it.
    #[must_use]
    pub fn line(&self) -> PeriodLine {
        PeriodLine {
            name: self.demand.name.clone(),
            purpose: self.demand.purpose,
            missing: self.shortfall(),
            sentence: self.sentence(),
            reached: self.gaps.is_empty(),
            source: self.demand.source.cited(),
            confidence: self.demand.source.confidence.name(),
        }
    }

    /// What is missing, by part.
    #[must_use]
    pub fn shortfall(&self) -> Shortfall {
        let mut missing = Shortfall::default();
        for gap in &self.gaps {
            missing.widen(gap.what, gap.missing());
        }
        missing
    }

    /// The answer in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let years = if self.from == self.to {
            format!("{} 年", self.to)
        } else {
            format!("{}–{} 年", self.from, self.to)
        };
        let parts: Vec<String> = self
            .reached
            .iter()
            .map(|(what, there, least)| format!("{} {there} / {least}", what.name()))
            .collect();
        let parts = parts.join("，");
        if self.gaps.is_empty() {
            return format!("{years}{parts} 学时，已达到。");
        }
        let missing: Vec<String> = self
            .gaps
            .iter()
            .map(|gap| match self.demand.period {
                Period::EachOfYears { .. } => format!("{} 年{} {} 学时", gap.year, gap.what.name(), gap.missing()),
                _ => format!("{} {} 学时", gap.what.name(), gap.missing()),
            })
            .collect();
        format!("{years}{parts} 学时，还差{}。", missing.join("、"))
    }
}
