//! From values to places, in integers only.

use crate::html::push_escaped;

/// `part` of `whole` as a percentage with two decimals, held between 0 and 100: `12.34`.
pub(super) fn percent(part: i64, whole: i64) -> String {
    let hundredths = if whole <= 0 {
        0
    } else {
        i128::from(part.clamp(0, whole)) * 10_000 / i128::from(whole)
    };
    match hundredths % 100 {
        0 => format!("{}", hundredths / 100),
        rest => format!("{}.{rest:02}", hundredths / 100),
    }
}

/// `part` of `whole` scaled to `size` units.
pub(super) fn place(part: i64, whole: i64, size: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let place = i128::from(part.clamp(0, whole)) * i128::from(size) / i128::from(whole);
    i64::try_from(place).unwrap_or(0)
}

/// Round values from 0 to at least `highest`, three to six of them: what a reader counts in.
pub(super) fn ticks(highest: i64) -> Vec<i64> {
    let highest = highest.max(1);
    let mut unit: i64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = unit.saturating_mul(factor);
            if highest / step <= 4 {
                let count = highest / step + i64::from(highest % step != 0);
                return (0..=count.max(1)).map(|i| i.saturating_mul(step)).collect();
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Text, escaped for SVG and HTML.
pub(super) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_inside_whatever_comes() {
        assert_eq!(percent(1, 3), "33.33");
        assert_eq!(percent(-5, 3), "0");
        assert_eq!(percent(9, 3), "100");
        assert_eq!(percent(1, 0), "0");
        assert_eq!(place(i64::MAX, i64::MAX, 1_000), 1_000);
    }

    #[test]
    fn ticks_are_round_and_reach_the_top() {
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(3_500_000), [0, 1_000_000, 2_000_000, 3_000_000, 4_000_000]);
        assert_eq!(ticks(90), [0, 20, 40, 60, 80, 100]);
        for highest in [1, 7, 99, 12_345, i64::MAX / 3] {
            let ticks = ticks(highest);
            assert!(
                ticks.last().is_some_and(|top| *top >= highest) && ticks.len() <= 6,
                "{ticks:?}"
            );
        }
    }
}
