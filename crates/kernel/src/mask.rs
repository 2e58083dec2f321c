//! Masking of personal data: what a page shows unless somebody asks, is allowed, and is recorded.

/// `王小明` → `王*明`, `李雷` → `李*`, `欧阳娜娜` → `欧**娜`; one letter stays a star.
#[must_use]
pub fn name(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    match letters.as_slice() {
        [] => String::new(),
        [_] => "*".into(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len().min(6))),
    }
}

/// `310101199001010012` → `310***********0012`: enough to recognise, too little to use.
#[must_use]
pub fn document(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= 4 {
        return "*".repeat(letters.len());
    }
    let (head, tail) = if letters.len() >= 12 { (3, 4) } else { (1, 2) };
    let start: String = letters[..head].iter().collect();
    let end: String = letters[letters.len() - tail..].iter().collect();
    format!("{start}{}{end}", "*".repeat(letters.len() - head - tail))
}

/// `13812345678` → `138****5678`.
#[must_use]
pub fn phone(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < 8 {
        return "*".repeat(letters.len());
    }
    let start: String = letters[..3].iter().collect();
    let end: String = letters[letters.len() - 4..].iter().collect();
    format!("{start}{}{end}", "*".repeat(letters.len() - 7))
}

#[cfg(test)]
mod tests {
    #[test]
    fn masks_keep_the_length_and_hide_the_middle() {
        assert_eq!(super::name("王小明"), "王*明");
        assert_eq!(super::name("李雷"), "李*");
        assert_eq!(super::document("310101199001010012"), "310***********0012");
        assert_eq!(super::document("E12345678"), "E******78");
        assert_eq!(super::phone("13812345678"), "138****5678");
    }
}
