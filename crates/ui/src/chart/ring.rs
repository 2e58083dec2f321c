//! A ring that closes when the target is reached, with the figure in its middle.

use super::scale::{place, words};
use crate::format;
use crate::html::Html;

/// `part` of `whole`, for example hours in hundredths; `text` is the figure in the middle (`72`), `label` says
/// what it is of (`/ 90 学时`).
pub fn ring(part: i64, whole: i64, text: &str, label: &str) -> Html {
    // The circumference is set to 1000 by pathLength, so the arc is a plain share.
    let arc = place(part, whole, 1_000);
    let class = if whole > 0 && part >= whole {
        "ring ring-good"
    } else {
        "ring"
    };
    Html::proven(format!(
        "<svg class=\"{class}\" viewBox=\"0 0 120 120\" role=\"img\" aria-label=\"{0} {1}，{2}\">\
         <circle class=\"track\" cx=\"60\" cy=\"60\" r=\"52\"/>\
         <circle class=\"arc\" cx=\"60\" cy=\"60\" r=\"52\" pathLength=\"1000\" stroke-dasharray=\"{arc} 1000\" transform=\"rotate(-90 60 60)\"/>\
         <text class=\"ring-value\" x=\"60\" y=\"64\" text-anchor=\"middle\">{0}</text>\
         <text class=\"ring-label\" x=\"60\" y=\"84\" text-anchor=\"middle\">{1}</text></svg>",
        words(text),
        words(label),
        format::percent(part, whole),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closes_only_when_reached() {
        assert!(
            ring(8_999, 9_000, "89.99", "<学时>")
                .as_str()
                .contains("stroke-dasharray=\"999 1000\"")
        );
        assert!(ring(9_000, 9_000, "90", "学时").as_str().contains("ring-good"));
        assert!(ring(1, 0, "1", "学时").as_str().contains("stroke-dasharray=\"0 1000\""));
    }
}
