//! A line of values the size of a word.

use std::fmt::Write as _;

use crate::html::Html;

/// Oldest first; nothing for fewer than two values.
pub fn sparkline(values: &[i64]) -> Html {
    if values.len() < 2 {
        return Html::text("–");
    }
    let lowest = values.iter().copied().min().unwrap_or(0);
    let highest = values.iter().copied().max().unwrap_or(0);
    let span = i128::from(highest) - i128::from(lowest);
    let last = i128::try_from(values.len() - 1).unwrap_or(1);
    let mut path = String::new();
    let (mut x, mut y) = (0, 0);
    for (i, value) in values.iter().enumerate() {
        x = 2 + i128::try_from(i).unwrap_or(0) * 88 / last;
        y = if span == 0 {
            12
        } else {
            21 - (i128::from(*value) - i128::from(lowest)) * 18 / span
        };
        // Writing into a String cannot fail.
        let _ = write!(path, "{}{x} {y}", if i == 0 { 'M' } else { 'L' });
    }
    Html::proven(format!(
        "<svg class=\"spark\" viewBox=\"0 0 96 24\" width=\"96\" height=\"24\" role=\"img\" aria-label=\"由 {} 到 {}\">\
         <path d=\"{path}\"/><circle cx=\"{x}\" cy=\"{y}\" r=\"2.5\"/></svg>",
        crate::format::number(values[0]),
        crate::format::number(values[values.len() - 1]),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_inside_and_survives_extremes() {
        assert_eq!(sparkline(&[]).as_str(), "–");
        assert_eq!(sparkline(&[3]).as_str(), "–");
        assert!(sparkline(&[5, 5, 5]).as_str().contains("M2 12L46 12L90 12"));
        assert!(sparkline(&[i64::MIN, i64::MAX]).as_str().contains("M2 21L90 3"));
    }
}
