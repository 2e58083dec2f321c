//! titles that are alike, in this call and in those of earlier years, are told to whoever checks.
//!
//! Alike is measured by pairs of neighbouring characters (Dice), after what every title says is taken off: 高级研修班, 项目, 培训 …
//! and punctuation. A machine finds, a person decides: likeness alone refuses nothing.

use std::collections::BTreeMap;

/// What says nothing about the matter of a title.
const EMPTY_WORDS: [&str; 14] = [
    "高级研修项目",
    "高级研修班",
    "高级研修",
    "研修班",
    "研修",
    "培训班",
    "培训",
    "项目",
    "专题",
    "上海市",
    "上海",
    "能力提升",
    "人才",
    "关于",
];

/// The title as it is compared: without empty words, punctuation, spaces, in small letters.
#[must_use]
pub fn core(title: &str) -> String {
    let mut text: String = title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    for word in EMPTY_WORDS {
        let shorter = text.replace(word, "");
        // A title made of nothing else is compared as it is.
        if !shorter.is_empty() {
            text = shorter;
        }
    }
    text
}

fn pairs(text: &str) -> BTreeMap<(char, char), u32> {
    let letters: Vec<char> = text.chars().collect();
    let mut pairs = BTreeMap::new();
    for pair in letters.windows(2) {
        *pairs.entry((pair[0], pair[1])).or_insert(0) += 1;
    }
    pairs
}

/// How alike two titles are, per cent.
#[must_use]
pub fn percent(one: &str, other: &str) -> u32 {
    let (one, other) = (core(one), core(other));
    if one == other {
        return 100;
    }
    let (left, right) = (pairs(&one), pairs(&other));
    let total: u32 = left.values().sum::<u32>() + right.values().sum::<u32>();
    if total == 0 {
        return 0;
    }
    let shared: u32 = left
        .iter()
        .map(|(pair, count)| *count.min(right.get(pair).unwrap_or(&0)))
        .sum();
    200 * shared / total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r86_a_title_is_found_again_whatever_it_is_called() {
        assert_eq!(percent("医疗器械临床试验管理", "“医疗器械临床试验管理”高级研修班"), 100);
        assert!(percent("智能制造工程技术应用", "智能制造工程技术与应用") >= 70);
        assert!(percent("智能制造工程技术应用", "乡村振兴与农业品牌") < 10);
        assert_eq!(percent("AI 大模型", "ai大模型培训"), 100);
    }

    #[test]
    fn a_title_of_empty_words_is_like_itself_alone() {
        assert_eq!(percent("培训", "培训"), 100);
        assert_eq!(percent("培训", "甲"), 0);
    }

    proptest::proptest! {
        #[test]
        fn likeness_is_mutual_and_never_more_than_whole(one in ".{0,20}", other in ".{0,20}") {
            proptest::prop_assert_eq!(percent(&one, &other), percent(&other, &one));
            proptest::prop_assert!(percent(&one, &other) <= 100);
            proptest::prop_assert_eq!(percent(&one, &one), 100);
        }
    }
}
