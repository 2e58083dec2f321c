//! The kind of a rule's measure as a form chooses it: what each kind asks, and how what was typed becomes a measure.
//!
//! `figures.rs` sets the figures of a measure as it is; here one kind gives way to another, and what has several parts
//! (ranks, bands of length) is typed as one line each. Whether the figures are plausible the edition itself says
//! (`Edition::faults`). Deliberately absent: figures by title level of 视同完成, which a form shows once they are there.

use kernel::{Code, Error, FieldError, Hours, Result};

use crate::credits::ByLevel;
use crate::credits::recognition::{Broken, Measure, Unit, WordBand};

kernel::codes! {
    /// How a quantity becomes hours.
    pub enum MeasureKind {
        /// So many hours a unit.
        PerUnit = "per_unit" "按数量",
        /// By the rank of the author.
        ByRank = "by_rank" "按排名",
        /// Taught hours times a factor.
        TimesTaught = "times_taught" "实际学时乘以倍数",
        /// As the courseware is labelled.
        AsLabelled = "as_labelled" "按课件标定学时",
        /// A base, and more for a paper by its length.
        Banded = "banded" "按数量，论文按字数加计",
        /// The years count as completed.
        Whole = "whole" "视同完成",
    }
}

kernel::codes! {
    /// What happens to a part of a unit, as a form chooses it.
    pub enum BrokenKind {
        /// Half a unit is half the hours.
        InProportion = "in_proportion" "按比例计",
        /// Only whole units count.
        WholeOnly = "whole_only" "不足一个单位的不计",
        /// The part counts by its taught time.
        ByMinutes = "by_minutes" "不足一个单位的按授课分钟计",
    }
}

/// One thing that a kind asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The name of the field.
    pub name: &'static str,
    /// What it says.
    pub label: &'static str,
    /// How to fill it in.
    pub hint: &'static str,
    /// As it stands now.
    pub typed: String,
    /// The choices, where it is one of few: code and words.
    pub choices: Vec<(&'static str, &'static str)>,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether it has a line for each part.
    pub lines: bool,
}

impl Ask {
    fn new(name: &'static str, label: &'static str, hint: &'static str, typed: String) -> Self {
        Self {
            name,
            label,
            hint,
            typed,
            choices: Vec::new(),
            optional: false,
            lines: false,
        }
    }

    fn choice<C: Code>(
        name: &'static str,
        label: &'static str,
        now: Option<C>,
        words: impl Fn(C) -> &'static str,
    ) -> Self {
        Self {
            choices: C::ALL.iter().map(|each| (each.code(), words(*each))).collect(),
            ..Self::new(
                name,
                label,
                "",
                now.map(|now| now.code().to_owned()).unwrap_or_default(),
            )
        }
    }
}

const HOURS_HINT: &str = "可以有两位小数。";
const RANKS_HINT: &str = "从第一名起，用 / 分开，例如 64/56/48/40/32。";
const BANDS_HINT: &str =
    "每行一档：字数上限和加计学时，用空格分开，由小到大；最后一行写“以上”和加计学时，例如 2000 20，下一行 以上 30。";

impl MeasureKind {
    /// The kind of a measure.
    #[must_use]
    pub const fn of(measure: &Measure) -> Self {
        match measure {
            Measure::PerUnit { .. } => Self::PerUnit,
            Measure::ByRank { .. } => Self::ByRank,
            Measure::TimesTaught { .. } => Self::TimesTaught,
            Measure::AsLabelled => Self::AsLabelled,
            Measure::Banded { .. } => Self::Banded,
            Measure::Whole { .. } => Self::Whole,
        }
    }

    /// What a measure of this kind asks, filled in from the measure that stands, as far as it says the same thing.
    #[must_use]
    pub fn asks(self, now: &Measure) -> Vec<Ask> {
        let unit = || Ask::choice("unit", "计量单位", now.unit(), Unit::name);
        let same = Self::of(now) == self;
        let told = |text: String| if same { text } else { String::new() };
        match (self, now) {
            (Self::AsLabelled, _) => Vec::new(),
            (Self::PerUnit, Measure::PerUnit { hours, broken, .. }) => per_unit(unit(), Some(*hours), Some(*broken)),
            (Self::PerUnit, _) => per_unit(unit(), None, None),
            (Self::ByRank, _) => {
                let (ranks, others) = match now {
                    Measure::ByRank { hours, others, .. } => (joined(hours), others.map(|hours| hours.to_string())),
                    _ => (String::new(), None),
                };
                let mut rest = Ask::new(
                    "others",
                    "其他参与人学时",
                    "不填的，名次以外的人不能申报。",
                    others.unwrap_or_default(),
                );
                rest.optional = true;
                vec![unit(), Ask::new("ranks", "各名次学时", RANKS_HINT, ranks), rest]
            }
            (Self::TimesTaught, _) => {
                let factor = match now {
                    Measure::TimesTaught { factor } => Hours::hundredths(*factor).to_string(),
                    _ => String::new(),
                };
                vec![Ask::new("factor", "倍数", "例如 2 即实际学时的两倍。", told(factor))]
            }
            (Self::Banded, _) => {
                let (base, lines) = match now {
                    Measure::Banded { base, bands, .. } => (base.to_string(), written(bands)),
                    _ => (String::new(), String::new()),
                };
                let mut bands = Ask::new("bands", "论文按字数加计", BANDS_HINT, lines);
                bands.lines = true;
                vec![unit(), Ask::new("base", "每个单位学时", HOURS_HINT, base), bands]
            }
            (Self::Whole, _) => {
                let each = match now {
                    Measure::Whole { per_year } => per_year.otherwise.to_string(),
                    _ => String::new(),
                };
                vec![Ask::new("per_year", "每年视同完成学时", HOURS_HINT, each)]
            }
        }
    }

    /// The measure that was typed.
    ///
    /// # Errors
    /// Wrong at each field.
    pub fn read(self, typed: &dyn Fn(&str) -> String) -> Result<Measure> {
        let mut form = Typed {
            typed,
            faults: Vec::new(),
        };
        let measure = match self {
            Self::PerUnit => form.per_unit(),
            Self::ByRank => form.by_rank(),
            Self::TimesTaught => form
                .hours("factor", "倍数")
                .map(|factor| Measure::TimesTaught { factor: factor.get() }),
            Self::AsLabelled => Some(Measure::AsLabelled),
            Self::Banded => form.banded(),
            Self::Whole => form.hours("per_year", "每年视同完成学时").map(|hours| Measure::Whole {
                per_year: ByLevel::all(hours),
            }),
        };
        match measure {
            Some(measure) if form.faults.is_empty() => Ok(measure),
            _ => Err(Error::Wrong(form.faults)),
        }
    }
}

fn per_unit(unit: Ask, hours: Option<Hours>, broken: Option<Broken>) -> Vec<Ask> {
    let (kind, minutes) = match broken {
        Some(Broken::ByMinutes { minutes }) => (Some(BrokenKind::ByMinutes), minutes.to_string()),
        Some(Broken::WholeOnly) => (Some(BrokenKind::WholeOnly), String::new()),
        Some(Broken::InProportion) => (Some(BrokenKind::InProportion), String::new()),
        None => (None, String::new()),
    };
    let hours = hours.map(|hours| hours.to_string()).unwrap_or_default();
    let mut minutes = Ask::new("minutes", "多少分钟为 1 学时", "只在按授课分钟计时填写。", minutes);
    minutes.optional = true;
    vec![
        unit,
        Ask::new("each", "每个单位学时", HOURS_HINT, hours),
        Ask::choice("broken", "不足一个单位的部分", kind, BrokenKind::name),
        minutes,
    ]
}

fn joined(hours: &[Hours]) -> String {
    hours.iter().map(ToString::to_string).collect::<Vec<_>>().join("/")
}

fn written(bands: &[WordBand]) -> String {
    let line = |band: &WordBand| match band.up_to {
        Some(up_to) => format!("{up_to} {}", band.add),
        None => format!("以上 {}", band.add),
    };
    bands.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What was typed, and what is wrong with it.
struct Typed<'a> {
    typed: &'a dyn Fn(&str) -> String,
    faults: Vec<FieldError>,
}

impl Typed<'_> {
    fn of(&self, field: &str) -> String {
        (self.typed)(field).trim().to_owned()
    }

    fn fault(&mut self, field: &'static str, sentence: impl Into<String>) {
        self.faults
            .push(FieldError::new(field, "edition.measure", sentence.into()));
    }

    fn hours(&mut self, field: &'static str, label: &str) -> Option<Hours> {
        let found = Hours::parse(&self.of(field)).filter(|hours| *hours > Hours::ZERO);
        if found.is_none() {
            self.fault(field, format!("“{label}”请填写大于 0 的数字，最多两位小数。"));
        }
        found
    }

    fn choice<C: Code>(&mut self, field: &'static str, label: &str) -> Option<C> {
        let found = C::from_code(&self.of(field));
        if found.is_none() {
            self.fault(field, format!("请选择{label}。"));
        }
        found
    }

    fn per_unit(&mut self) -> Option<Measure> {
        let unit = self.choice::<Unit>("unit", "计量单位");
        let hours = self.hours("each", "每个单位学时");
        let broken = match self.choice::<BrokenKind>("broken", "不足一个单位的部分怎样计") {
            Some(BrokenKind::InProportion) => Some(Broken::InProportion),
            Some(BrokenKind::WholeOnly) => Some(Broken::WholeOnly),
            Some(BrokenKind::ByMinutes) => {
                let minutes = self
                    .of("minutes")
                    .parse()
                    .ok()
                    .filter(|minutes| (1..=240).contains(minutes));
                if minutes.is_none() {
                    self.fault("minutes", "按授课分钟计的，请填写 1 到 240 的整数分钟。");
                }
                minutes.map(|minutes| Broken::ByMinutes { minutes })
            }
            None => None,
        };
        Some(Measure::PerUnit {
            unit: unit?,
            hours: hours?,
            broken: broken?,
        })
    }

    fn by_rank(&mut self) -> Option<Measure> {
        let unit = self.choice::<Unit>("unit", "计量单位");
        let text = self.of("ranks");
        let ranks: Option<Vec<Hours>> = text
            .split(['/', '、', '／'])
            .map(|each| Hours::parse(each.trim()).filter(|hours| *hours > Hours::ZERO))
            .collect();
        if ranks.is_none() {
            self.fault("ranks", "请从第一名起填写各名次的学时，用 / 分开，例如 64/56/48。");
        }
        let others = match self.of("others").as_str() {
            "" => None,
            _ => self.hours("others", "其他参与人学时"),
        };
        Some(Measure::ByRank {
            unit: unit?,
            hours: ranks?,
            others,
        })
    }

    fn banded(&mut self) -> Option<Measure> {
        let unit = self.choice::<Unit>("unit", "计量单位");
        let base = self.hours("base", "每个单位学时");
        let text = self.of("bands");
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let bands: Option<Vec<WordBand>> = lines.iter().map(|line| band(line)).collect();
        let bands = bands.filter(|bands| {
            let open = bands.iter().position(|band| band.up_to.is_none());
            !bands.is_empty() && open.is_none_or(|open| open + 1 == bands.len())
        });
        if bands.is_none() {
            self.fault(
                "bands",
                "每行写字数上限和加计学时，用空格分开；“以上”只能写在最后一行。",
            );
        }
        Some(Measure::Banded {
            unit: unit?,
            base: base?,
            bands: bands?,
        })
    }
}

fn band(line: &str) -> Option<WordBand> {
    let (limit, add) = line.split_once(char::is_whitespace)?;
    let up_to = match limit {
        "以上" => None,
        limit => Some(limit.parse().ok().filter(|limit| *limit > 0)?),
    };
    let add = Hours::parse(add.trim()).filter(|add| *add > Hours::ZERO)?;
    Some(WordBand { up_to, add })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credits::recognition::sample;

    fn read(kind: MeasureKind, typed: &[(&str, &str)]) -> Result<Measure> {
        kind.read(&|name| {
            let found = typed.iter().find(|(field, _)| *field == name);
            found.map_or_else(String::new, |(_, value)| (*value).to_owned())
        })
    }

    /// What a form shows of a measure is read as that measure, for every rule that comes with the platform.
    #[test]
    fn what_is_shown_is_what_is_read() {
        let mut kinds = std::collections::HashSet::new();
        for rule in &sample().rules {
            let kind = MeasureKind::of(&rule.measure);
            kinds.insert(kind.code());
            let asks = kind.asks(&rule.measure);
            let typed: Vec<(&str, &str)> = asks.iter().map(|ask| (ask.name, ask.typed.as_str())).collect();
            if !matches!(&rule.measure, Measure::Whole { per_year } if !per_year.levels.is_empty()) {
                assert_eq!(read(kind, &typed).expect("read"), rule.measure, "{}", rule.name);
            }
        }
        assert!(kinds.len() >= 4, "the sample has several kinds: {kinds:?}");
    }

    #[test]
    fn every_kind_can_take_the_place_of_every_other() {
        let typed = [
            ("unit", "item"),
            ("each", "8"),
            ("broken", "by_minutes"),
            ("minutes", "45"),
            ("ranks", "64/56、48"),
            ("others", "4"),
            ("factor", "2.5"),
            ("base", "10"),
            ("bands", "2000 20\n以上 30"),
            ("per_year", "90"),
        ];
        for kind in MeasureKind::ALL {
            let measure = read(*kind, &typed).expect("a measure");
            assert_eq!(MeasureKind::of(&measure), *kind);
            for other in MeasureKind::ALL {
                let names: Vec<&str> = other.asks(&measure).iter().map(|ask| ask.name).collect();
                assert!(
                    names.iter().all(|name| typed.iter().any(|(field, _)| field == name)),
                    "{names:?}"
                );
            }
        }
        let Ok(Measure::ByRank { hours, .. }) = read(MeasureKind::ByRank, &typed) else {
            panic!("by rank")
        };
        assert_eq!(hours, [64, 56, 48].map(Hours::whole));
    }

    #[test]
    fn what_is_no_measure_is_told_at_its_field() {
        let fields = |kind, typed: &[(&str, &str)]| -> Vec<String> {
            match read(kind, typed) {
                Err(Error::Wrong(faults)) => faults.iter().map(|fault| fault.field.to_string()).collect(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(fields(MeasureKind::PerUnit, &[]), ["unit", "each", "broken"]);
        let part = [
            ("unit", "day"),
            ("each", "8"),
            ("broken", "by_minutes"),
            ("minutes", "0"),
        ];
        assert_eq!(fields(MeasureKind::PerUnit, &part), ["minutes"]);
        assert_eq!(
            fields(MeasureKind::ByRank, &[("unit", "item"), ("ranks", "64/很多")]),
            ["ranks"]
        );
        for bands in ["", "以上 30\n2000 20", "2000", "2000 -1"] {
            let typed = [("unit", "event"), ("base", "10"), ("bands", bands)];
            assert_eq!(fields(MeasureKind::Banded, &typed), ["bands"], "{bands}");
        }
        assert_eq!(fields(MeasureKind::TimesTaught, &[("factor", "0")]), ["factor"]);
    }
}
