//! The table of shared strings in one block of memory: all texts end to end, and where each one ends.
//! Deliberately absent: a `String` per entry, which would cost some fifty bytes each beside its text.

use quick_xml::events::Event;

use crate::cell::tidy;
use crate::limits::Limits;
use crate::problem::Problem;
use crate::xml::Xml;

#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads `sharedStrings.xml`. The count that the file declares is not believed.
    pub(crate) fn load(mut xml: Xml, limits: &Limits) -> Result<Self, Problem> {
        let too_many = Problem::TooManyStrings {
            limit: limits.shared_strings_bytes,
        };
        let most = limits.shared_strings_bytes.min(u32::MAX as usize);
        let mut strings = Strings::default();
        let mut one = String::new();
        loop {
            let item = match xml.next()? {
                Event::Start(e) => e.local_name().as_ref() == "si",
                Event::Eof => break,
                _ => false,
            };
            if !item {
                continue;
            }
            one.clear();
            xml.rich_text(&mut one, 4 * limits.cell_chars)?;
            let held = strings.text.len() + 4 * strings.ends.len();
            if held + one.len() + 4 > most {
                return Err(too_many);
            }
            strings.text.push_str(tidy(&one));
            strings.ends.push(strings.text.len() as u32);
        }
        strings.text.shrink_to_fit();
        strings.ends.shrink_to_fit();
        Ok(strings)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index {
            0 => 0,
            _ => self.ends[index - 1] as usize,
        };
        Some(&self.text[start..end])
    }
}
