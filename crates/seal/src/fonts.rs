//! The fonts: two embedded weights for everything usual, and the full font of the installation for the rest.
//! Rules: the full font is read only when a text needs it, once; a character that no font has becomes [`REPLACEMENT`]
//! and is reported, because PDF/A forbids a missing glyph and a name in an unknown script is no reason for an error.
//! Characters without a shape are dropped: they could only reorder or hide what is printed.
//! Deliberately absent: fonts of the system at large; a document looks the same wherever it is made.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// What is printed for a character that no font has.
pub const REPLACEMENT: char = '〓';

/// The licence under which the embedded fonts are passed on (SIL Open Font License 1.1).
pub const FONT_LICENCE: &str = include_str!(env!("SEAL_FONT_LICENCE"));

const REGULAR: &[u8] = include_bytes!(env!("SEAL_FONT_REGULAR"));
const BOLD: &[u8] = include_bytes!(env!("SEAL_FONT_BOLD"));

/// Fonts that are used together.
pub(crate) struct FontSet {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

impl FontSet {
    fn new(fonts: Vec<Font>) -> Self {
        Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    }

    fn has(&self, character: char) -> bool {
        self.fonts
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(character)))
    }

    /// The names of the families, in the order in which they are tried.
    pub(crate) fn families(&self) -> Vec<&str> {
        let mut families: Vec<&str> = self.fonts.iter().map(|font| font.info().family.as_str()).collect();
        families.dedup();
        families
    }
}

/// The embedded fonts, and where the full ones may be found.
pub(crate) struct Fonts {
    embedded: FontSet,
    full_paths: Vec<PathBuf>,
    /// Embedded and full together; stays empty until a rare character comes.
    full: OnceLock<FontSet>,
}

/// Texts made printable.
pub(crate) struct Printable<'a> {
    pub(crate) fonts: &'a FontSet,
    pub(crate) missing: Vec<char>,
}

impl Fonts {
    /// Parses the embedded fonts, some 15 ms.
    pub(crate) fn new(full_paths: Vec<PathBuf>) -> Self {
        let embedded = [REGULAR, BOLD]
            .into_iter()
            .flat_map(|data| Font::iter(Bytes::new(data)))
            .collect();
        Self {
            embedded: FontSet::new(embedded),
            full_paths,
            full: OnceLock::new(),
        }
    }

    /// Replaces in all texts of `value` what cannot be printed, and chooses the fonts that print the rest.
    pub(crate) fn make_printable(&self, value: &mut Value) -> Printable<'_> {
        let mut rare = false;
        for_each_text(value, &mut |text| {
            *text = text.chars().filter_map(shown).collect();
            rare = rare
                || text
                    .chars()
                    .any(|character| character != '\n' && !self.embedded.has(character));
        });
        if !rare {
            return Printable {
                fonts: &self.embedded,
                missing: Vec::new(),
            };
        }
        let fonts = self.full();
        let mut missing = BTreeSet::new();
        for_each_text(value, &mut |text| {
            let replaced = text.chars().map(|character| {
                if character == '\n' || fonts.has(character) {
                    return character;
                }
                missing.insert(character);
                REPLACEMENT
            });
            *text = replaced.collect();
        });
        Printable {
            fonts,
            missing: missing.into_iter().collect(),
        }
    }

    fn full(&self) -> &FontSet {
        self.full.get_or_init(|| {
            let files = self.full_paths.iter().filter_map(|path| std::fs::read(path).ok());
            let mut fonts = self.embedded.fonts.clone();
            fonts.extend(files.flat_map(simplified_faces));
            FontSet::new(fonts)
        })
    }
}

/// A collection holds the same font for several countries: only the simplified Chinese face is wanted. Another file is
/// taken whole.
fn simplified_faces(data: Vec<u8>) -> Vec<Font> {
    let faces: Vec<Font> = Font::iter(Bytes::new(data)).collect();
    let is_simplified = |font: &Font| font.info().family.ends_with(" SC");
    if faces.iter().any(is_simplified) {
        return faces.into_iter().filter(is_simplified).collect();
    }
    faces
}

/// What is printed for a character; `None` for those without a shape (controls, direction marks, variation selectors).
fn shown(character: char) -> Option<char> {
    match character {
        '\n' => Some('\n'),
        '\u{3000}' | '\u{a0}' => Some(character),
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' => None,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => None,
        '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}' => None,
        _ if character.is_whitespace() => Some(' '),
        _ if character.is_control() => None,
        _ => Some(character),
    }
}

fn for_each_text(value: &mut Value, act: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => act(text),
        Value::Array(values) => values.iter_mut().for_each(|value| for_each_text(value, act)),
        Value::Object(fields) => fields.values_mut().for_each(|value| for_each_text(value, act)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_embedded_fonts_have_what_names_need() {
        let fonts = Fonts::new(Vec::new());
        let basic = ('\u{4e00}'..='\u{9fa5}').filter(|character| !fonts.embedded.has(*character));
        assert_eq!(basic.collect::<String>(), "");
        // Characters of names that a subset to GB2312 lacks; the last ones stand outside the basic block.
        for character in "喆龘堃犇祎玥珺昇䶮㛃㥄𠮷𬭎𫍯𬱟〓—…《》·①②㎡℃№−".chars()
        {
            assert!(fonts.embedded.has(character), "{character}");
        }
    }

    #[test]
    fn shapeless_characters_vanish_and_unknown_ones_are_reported() {
        let fonts = Fonts::new(Vec::new());
        let mut value = json!({ "a": ["张\u{202e}三\u{fe00}\t李", { "b": "한\nA" }], "n": 3 });
        let printable = fonts.make_printable(&mut value);
        assert_eq!(printable.missing, ['한']);
        assert_eq!(value, json!({ "a": ["张三 李", { "b": "〓\nA" }], "n": 3 }));
    }
}
