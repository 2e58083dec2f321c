//! What grows with the city: the same figure at several sizes, side by side, and how fast it grows.
//!
//! Growth is the exponent between the smallest and the largest size measured: 1 is in proportion to the city, 0 not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::prepare::grouped;
use crate::report::Report;

/// Figures by engine, name and size.
type Figures = BTreeMap<String, BTreeMap<String, BTreeMap<u32, f64>>>;

/// The figures of this and earlier runs.
pub(super) struct Curve {
    path: PathBuf,
    figures: Figures,
}

impl Curve {
    /// With the figures of earlier runs, if there are any.
    pub(super) fn open(path: &Path) -> Self {
        let kept = std::fs::read_to_string(path).ok();
        let figures = kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self {
            path: path.to_owned(),
            figures,
        }
    }

    /// Keeps a figure in place of the one of an earlier run.
    pub(super) fn note(&mut self, engine: &str, what: &str, people: u32, figure: f64) {
        let engine = self.figures.entry(engine.to_owned()).or_default();
        engine.entry(what.to_owned()).or_default().insert(people, figure);
    }

    /// Says each figure at its sizes.
    pub(super) fn tell(&self, report: &mut Report) {
        for (engine, figures) in &self.figures {
            for (what, sizes) in figures {
                let told: Vec<String> = sizes
                    .iter()
                    .map(|(people, figure)| format!("{} at {}", short(*figure), grouped((*people).into())))
                    .collect();
                let growth = growth(sizes).map(|exponent| format!(" — {}", words(exponent)));
                let line = format!("{}{}", told.join(", "), growth.unwrap_or_default());
                report.figure(engine, &format!("curve: {what}"), &line);
            }
        }
    }

    /// Writes the figures for later runs.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn save(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.figures)?;
        std::fs::write(&self.path, text).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn short(figure: f64) -> String {
    match figure {
        figure if figure >= 1_000.0 => format!("{figure:.0}"),
        figure if figure >= 10.0 => format!("{figure:.1}"),
        figure => format!("{figure:.2}"),
    }
}

/// The exponent between the smallest and the largest size.
fn growth(sizes: &BTreeMap<u32, f64>) -> Option<f64> {
    let ((small, at_small), (large, at_large)) = (sizes.first_key_value()?, sizes.last_key_value()?);
    let positive = small < large && *at_small > 0.0 && *at_large > 0.0;
    positive.then(|| (at_large / at_small).ln() / (f64::from(*large) / f64::from(*small)).ln())
}

fn words(exponent: f64) -> String {
    let said = match exponent {
        e if e > 1.15 => "grows faster than the city",
        e if e > 0.85 => "grows with the city",
        e if e > 0.15 => "grows slower than the city",
        e if e > -0.15 => "does not grow",
        _ => "falls as the city grows",
    };
    format!("{said} (exponent {exponent:.2})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_tells_proportion_from_standing_still() {
        let sizes = |figures: &[(u32, f64)]| growth(&figures.iter().copied().collect());
        let near = |found: Option<f64>, wanted: f64| (found.expect("an exponent") - wanted).abs() < 0.01;
        assert!(near(sizes(&[(100, 2.0), (3_000, 60.0)]), 1.0));
        assert!(near(sizes(&[(100, 5.0), (1_000, 9.0), (3_000, 5.0)]), 0.0));
        assert!(near(sizes(&[(100, 1.0), (10_000, 10.0)]), 0.5));
        assert!(sizes(&[(100, 1.0)]).is_none() && sizes(&[]).is_none());
        assert!(words(1.0).starts_with("grows with the city") && words(0.0).starts_with("does not grow"));
    }

    #[test]
    fn a_later_figure_takes_the_place_of_an_earlier_and_others_stay() {
        let folder = std::env::temp_dir().join(format!("zhixin-curve-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("figures.json");
        let mut curve = Curve::open(&path);
        curve.note("SQLite", "audit, s", 100, 1.0);
        curve.note("SQLite", "audit, s", 3_000, 2.0);
        curve.save().unwrap();
        let mut again = Curve::open(&path);
        again.note("SQLite", "audit, s", 100, 3.0);
        let sizes = &again.figures["SQLite"]["audit, s"];
        assert_eq!(
            sizes.iter().map(|(n, f)| (*n, *f as i64)).collect::<Vec<_>>(),
            [(100, 3), (3_000, 2)]
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
