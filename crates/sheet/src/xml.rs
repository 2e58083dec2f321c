//! The events of one XML part, guarded: bounded pieces, bounded nesting, no document types, no entities but the five of XML.
//! Deliberately absent: namespaces. Elements are known by their local names, which is how every producer of workbooks can be read.

use std::borrow::Cow;
use std::io::BufReader;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::archive::Part;
use crate::problem::{Hazard, Problem};

/// The deepest element of a workbook that we read stands at about ten.
const DEEPEST: usize = 64;

pub(crate) struct Xml {
    reader: Reader<BufReader<Part>>,
    piece: Vec<u8>,
    depth: usize,
    part: Arc<str>,
}

impl Xml {
    pub(crate) fn new(part: Part) -> Self {
        let name = Arc::from(part.name());
        let mut reader = Reader::from_reader(BufReader::with_capacity(32 << 10, part));
        // One shape instead of two: `<c/>` arrives as a start and an end.
        reader.config_mut().expand_empty_elements = true;
        Xml {
            reader,
            piece: Vec::new(),
            depth: 0,
            part: name,
        }
    }

    pub(crate) fn damaged(&self) -> Problem {
        Problem::damaged(&self.part)
    }

    /// The next event. Comments and instructions come through and are for the caller to ignore.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, Problem> {
        self.piece.clear();
        self.reader.get_mut().get_mut().begin_piece();
        let event = match self.reader.read_event_into(&mut self.piece) {
            Ok(event) => event,
            Err(error) => return Err(translate(&error, &self.part)),
        };
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => {
                return Err(Problem::Unsafe { what: Hazard::Doctype });
            }
            // The library reports the end of the file inside an open element as an ordinary end.
            Event::Eof if self.depth > 0 => return Err(Problem::damaged(&self.part)),
            _ => {}
        }
        if self.depth > DEEPEST {
            return Err(Problem::Unsafe { what: Hazard::Nesting });
        }
        Ok(event)
    }

    /// Passes over the rest of the element whose start was just read.
    pub(crate) fn skip(&mut self) -> Result<(), Problem> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Appends the character data of the element whose start was just read, up to its end.
    pub(crate) fn text(&mut self, out: &mut String, most: usize) -> Result<(), Problem> {
        let outside = self.depth.saturating_sub(1);
        let part = Arc::clone(&self.part);
        while self.depth > outside {
            collect(&self.next()?, out, most, &part)?;
        }
        Ok(())
    }

    /// Appends the text of an `si` or `is` element whose start was just read: all its `t`, without the phonetic guides.
    pub(crate) fn rich_text(&mut self, out: &mut String, most: usize) -> Result<(), Problem> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            let (t, guide) = match self.next()? {
                Event::Start(e) => (e.local_name().as_ref() == "t", e.local_name().as_ref() == "rPh"),
                _ => continue,
            };
            if t {
                self.text(out, most)?;
            } else if guide {
                self.skip()?;
            }
        }
        unescape_controls(out);
        Ok(())
    }
}

/// Text beyond `most` bytes is dropped, but one character more is kept, so that the length check still sees the excess.
fn collect(event: &Event<'_>, out: &mut String, most: usize, part: &str) -> Result<(), Problem> {
    if out.len() > most {
        return Ok(());
    }
    match event {
        Event::Text(t) => push_bounded(out, &t.xml10_content(), most),
        Event::CData(t) => push_bounded(out, &t.xml10_content(), most),
        Event::GeneralRef(r) => out.push(reference(r).ok_or_else(|| Problem::damaged(part))?),
        _ => {}
    }
    Ok(())
}

fn push_bounded(out: &mut String, text: &str, most: usize) {
    let mut end = text.len().min((most + 8).saturating_sub(out.len()));
    while !text.is_char_boundary(end) {
        end += 1;
    }
    out.push_str(&text[..end]);
}

fn reference(r: &BytesRef<'_>) -> Option<char> {
    match r.as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => r.resolve_char_ref().ok().flatten(),
    }
}

/// The value of an attribute by its local name (`r:id` is asked for as `id`).
/// The check for duplicates is off: it costs the square of their number.
pub(crate) fn attribute<'a>(e: &'a BytesStart<'_>, name: &str) -> Result<Option<Cow<'a, str>>, ()> {
    for found in e.attributes().with_checks(false) {
        let found = found.map_err(|_| ())?;
        if found.key.local_name().as_ref() == name {
            if !found.value.contains('&') {
                return Ok(Some(found.value));
            }
            let value = quick_xml::escape::unescape(&found.value).map_err(|_| ())?;
            return Ok(Some(Cow::Owned(value.into_owned())));
        }
    }
    Ok(None)
}

fn translate(error: &quick_xml::Error, part: &str) -> Problem {
    match error {
        quick_xml::Error::Io(io) => Problem::from_io(io).unwrap_or_else(|| Problem::damaged(part)),
        _ => Problem::damaged(part),
    }
}

/// Excel writes characters that XML forbids as `_x000D_`, and a text that looks so as `_x005F_x000D_`.
fn unescape_controls(text: &mut String) {
    if !text.contains("_x") {
        return;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        let code = rest
            .get(at + 2..at + 7)
            .and_then(|five| five.strip_suffix('_'))
            .filter(|four| four.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|four| u32::from_str_radix(four, 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(c) => {
                plain.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    *text = plain;
}

#[cfg(test)]
mod tests {
    use super::unescape_controls;

    #[test]
    fn escaped_controls_come_back() {
        for (written, meant) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_x12", "_x12"),
            ("_x张三李四五", "_x张三李四五"),
        ] {
            let mut text = written.to_string();
            unescape_controls(&mut text);
            assert_eq!(text, meant);
        }
    }
}
