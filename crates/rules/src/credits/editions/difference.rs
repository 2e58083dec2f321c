//! What differs between two editions of a kind, in sentences.

use super::{Document, Entry, Figure};

/// Sentences, in the order of the newer edition: what was added, what was taken out, which figure changed.
#[must_use]
pub fn difference(older: &Document, newer: &Document) -> Vec<String> {
    let (before, after) = (older.entries(), newer.entries());
    let (old_figures, new_figures) = (older.figures(), newer.figures());
    let mut sentences = Vec::new();
    if older.in_force() != newer.in_force() {
        sentences.push(format!("生效日期由 {} 改为 {}。", older.in_force(), newer.in_force()));
    }
    for entry in &after {
        let Some(was) = before.iter().find(|one| one.code == entry.code) else {
            sentences.push(format!("新增“{}”：{}。", entry.name, entry.words.join("；")));
            continue;
        };
        let counted = sentences.len();
        let of = |figures: &[Figure]| -> Vec<Figure> {
            figures.iter().filter(|one| one.owner == entry.code).cloned().collect()
        };
        let (old, new) = (of(&old_figures), of(&new_figures));
        // Another kind of measure has other figures: the whole is told, not each figure that came or went.
        let paths = |figures: &[Figure]| figures.iter().map(|one| one.path.clone()).collect::<Vec<_>>();
        if paths(&old) != paths(&new) {
            sentences.push(reworded(was, entry));
            continue;
        }
        for figure in new {
            let previous = old.iter().find(|one| one.path == figure.path);
            match previous {
                Some(previous) if previous.words == figure.words => {}
                Some(previous) => sentences.push(format!(
                    "“{}”的{}由 {} 改为 {}。",
                    entry.name,
                    figure.label,
                    named(&previous.words),
                    named(&figure.words)
                )),
                None => {}
            }
        }
        if sentences.len() == counted && (was.words != entry.words || was.audience != entry.audience) {
            sentences.push(reworded(was, entry));
        }
    }
    for entry in &before {
        if !after.iter().any(|one| one.code == entry.code) {
            sentences.push(format!("不再有“{}”（原为：{}）。", entry.name, entry.words.join("；")));
        }
    }
    sentences
}

fn reworded(was: &Entry, is: &Entry) -> String {
    format!(
        "“{}”由“{}”改为“{}”。",
        is.name,
        was.words.join("；"),
        is.words.join("；")
    )
}

fn named(words: &str) -> &str {
    if words.is_empty() { "（空）" } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credits::{recognition, requirement};

    #[test]
    fn an_edition_does_not_differ_from_itself() {
        for document in [
            Document::Recognition(recognition::sample()),
            Document::Requirement(requirement::sample()),
        ] {
            assert_eq!(difference(&document, &document), Vec::<String>::new());
        }
    }

    #[test]
    fn every_figure_can_be_set_and_the_difference_says_so() {
        for document in [
            Document::Recognition(recognition::sample()),
            Document::Requirement(requirement::sample()),
        ] {
            for figure in document.figures() {
                let other = match figure.choices.iter().find(|(code, _)| *code != figure.typed) {
                    Some((code, _)) => (*code).to_owned(),
                    None => "7".to_owned(),
                };
                let other = if figure.path == "from_year" {
                    "2031".to_owned()
                } else {
                    other
                };
                let mut changed = document.clone();
                changed
                    .set(&figure.owner, &|path| (path == figure.path).then(|| other.clone()))
                    .expect("a value");
                let said = difference(&document, &changed);
                if figure.typed == other {
                    assert_eq!(said, Vec::<String>::new());
                } else {
                    assert_eq!(said.len(), 1, "{figure:?} {said:?}");
                    assert!(said[0].contains(&figure.label));
                }
            }
        }
    }

    #[test]
    fn what_was_added_and_taken_out_is_told() {
        let older = Document::Recognition(recognition::shipped());
        let mut newer = older.clone();
        newer.copy("会计-会议", "会计-讲座").expect("copied");
        newer.remove("会计-考试").expect("removed");
        let said = difference(&older, &newer);
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("新增") && said[1].starts_with("不再有"));
        assert!(newer.copy("会计-会议", "会计-讲座").is_err());
        assert!(newer.remove("class").is_err());
        let wrong = newer.set("会计-会议", &|path| (path == "hours").then(|| "多".to_owned()));
        assert!(wrong.is_err());
    }
}
