//! Which cell formats mean a date, a time or a code with leading zeros. Deliberately absent: fonts, fills, borders, colours.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use crate::problem::Problem;
use crate::xml::{Xml, attribute};

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// Has a day in it, perhaps with a time.
    Date,
    /// A time of day only.
    Time,
    /// A whole number shown with at least so many digits.
    Padded(u8),
}

/// The kinds of `cellXfs`, in order; a cell names its own by index.
pub(crate) fn load(mut xml: Xml) -> Result<Vec<Kind>, Problem> {
    let mut codes: HashMap<u32, Kind> = HashMap::new();
    let mut kinds = Vec::new();
    let mut inside = false;
    let part = xml.damaged();
    loop {
        match xml.next()? {
            Event::Start(e) => match e.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (number(&e, "numFmtId", &part)?, text(&e, "formatCode", &part)?) {
                        codes.insert(id, kind(&code));
                    }
                }
                "cellXfs" => inside = true,
                "xf" if inside => {
                    let id = number(&e, "numFmtId", &part)?.unwrap_or(0);
                    kinds.push(codes.get(&id).copied().unwrap_or_else(|| builtin(id)));
                }
                _ => {}
            },
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => inside = false,
            Event::Eof => return Ok(kinds),
            _ => {}
        }
    }
}

fn text(e: &BytesStart<'_>, name: &str, part: &Problem) -> Result<Option<String>, Problem> {
    Ok(attribute(e, name).map_err(|()| part.clone())?.map(|v| v.into_owned()))
}

fn number(e: &BytesStart<'_>, name: &str, part: &Problem) -> Result<Option<u32>, Problem> {
    Ok(text(e, name, part)?.and_then(|v| v.trim().parse().ok()))
}

/// Formats that every workbook has without declaring them, those of Chinese editions included.
fn builtin(id: u32) -> Kind {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Kind::Date,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Kind::Time,
        _ => Kind::Plain,
    }
}

/// Reads a format code such as `yyyy"年"m"月"d"日";@`.
fn kind(code: &str) -> Kind {
    let section = code.split(';').next().unwrap_or_default();
    if section.len() > 1 && section.len() < 32 && section.bytes().all(|b| b == b'0') {
        return Kind::Padded(section.len() as u8);
    }
    let bare = bare(section);
    if bare.contains("general") {
        return Kind::Plain;
    }
    let has = |letters: &[char]| bare.contains(letters);
    let clock = has(&['h', 's']);
    match () {
        _ if has(&['y', 'd']) => Kind::Date,
        _ if has(&['m']) && !clock => Kind::Date,
        _ if clock => Kind::Time,
        _ => Kind::Plain,
    }
}

/// The letters of the code that mean something: without quoted and escaped text, brackets and 上午/下午.
fn bare(section: &str) -> String {
    let mut bare = String::new();
    let mut chars = section.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|q| q != '"') {},
            // `[h]` counts hours beyond a day: a duration, which is a number to us.
            '[' => while chars.next().is_some_and(|q| q != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            c => bare.extend(c.to_lowercase()),
        }
    }
    bare.replace("am/pm", "h").replace("a/p", "h").replace("上午/下午", "h")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_dates_from_numbers() {
        for (code, expected) in [
            ("yyyy\"年\"m\"月\"d\"日\";@", Kind::Date),
            ("yyyy/m/d h:mm", Kind::Date),
            ("[$-804]yyyy\\-mm\\-dd", Kind::Date),
            ("m\"月\"", Kind::Date),
            ("h:mm AM/PM", Kind::Time),
            ("[h]", Kind::Plain),
            ("#,##0.00_ ;[Red]\\-#,##0.00", Kind::Plain),
            ("\"days\" 0", Kind::Plain),
            ("General", Kind::Plain),
            ("@", Kind::Plain),
            ("000000", Kind::Padded(6)),
        ] {
            assert_eq!(kind(code), expected, "{code}");
        }
    }
}
