//! Form fields, read into the types of rules; what is wrong is collected field by field with a plain sentence.

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use kernel::{Code, Date, Error, FieldError, Hours, Id, Money, Result, Time};

use crate::{App, Failure};

/// The fields of an urlencoded form; its token was checked before.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl FromRequest<App> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|_| Failure::from(Error::wrong("", "form.unreadable", "没有收到完整的表单，请重试。")))?;
        Ok(Self(parse(&bytes)))
    }
}

/// Decodes an urlencoded body or query.
pub(crate) fn parse(bytes: &[u8]) -> Vec<(String, String)> {
    let decode = |part: &[u8]| {
        let mut out = Vec::with_capacity(part.len());
        let mut rest = part.iter();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => out.push(b' '),
                b'%' => {
                    let hex: Vec<u8> = rest.clone().take(2).copied().collect();
                    let value = std::str::from_utf8(&hex)
                        .ok()
                        .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                    match value {
                        Some(value) if hex.len() == 2 => {
                            out.push(value);
                            rest.nth(1);
                        }
                        _ => out.push(b'%'),
                    }
                }
                other => out.push(*other),
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (decode(&pair[..cut]), decode(pair.get(cut + 1..).unwrap_or_default()))
        })
        .collect()
}

impl Fields {
    /// From pairs, for uploads and tests.
    #[must_use]
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// What was typed, to fill the form again.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The first value of a field, trimmed; empty if absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// The first value of a field as it was typed, spaces and all: passwords. Empty if absent.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field, trimmed, empty ones dropped.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Reads the fields into types and collects what is wrong.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            fields: self,
            errors: Vec::new(),
        }
    }
}

/// Reads fields; call [`Reader::finish`] before using what was read.
pub struct Reader<'a> {
    fields: &'a Fields,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    /// Notes an error of our own finding.
    pub fn error(&mut self, field: &'static str, code: &'static str, sentence: impl Into<String>) {
        self.errors.push(FieldError::new(field, code, sentence));
    }

    /// A text of a length in characters. `label` is the field's name as the page shows it.
    pub fn text(&mut self, field: &'static str, label: &str, length: RangeInclusive<usize>) -> String {
        let text = self.fields.get(field).to_owned();
        let count = text.chars().count();
        if count == 0 && *length.start() > 0 {
            self.error(field, "field.missing", format!("请填写{label}。"));
        } else if count < *length.start() {
            self.error(
                field,
                "field.short",
                format!("{label}至少 {} 个字，现在是 {count} 个。", length.start()),
            );
        } else if count > *length.end() {
            self.error(
                field,
                "field.long",
                format!("{label}最多 {} 个字，现在是 {count} 个。", length.end()),
            );
        }
        text
    }

    /// A text that may be absent, at most 200 characters.
    pub fn optional(&mut self, field: &'static str) -> Option<String> {
        let text = self.fields.get(field);
        if text.chars().count() > 200 {
            self.error(field, "field.long", "最多 200 个字。");
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A value of a closed vocabulary.
    pub fn choice<C: Code>(&mut self, field: &'static str, label: &str) -> Option<C> {
        let chosen = C::from_code(self.fields.get(field));
        if chosen.is_none() {
            self.error(field, "field.choice", format!("请选择{label}。"));
        }
        chosen
    }

    /// A date.
    pub fn date(&mut self, field: &'static str, label: &str) -> Option<Date> {
        let date = self.fields.get(field).parse().ok();
        if date.is_none() {
            self.error(field, "field.date", format!("请填写{label}，例如 2026-03-05。"));
        }
        date
    }

    /// A date that may be absent.
    pub fn optional_date(&mut self, field: &'static str, label: &str) -> Option<Date> {
        if self.fields.get(field).is_empty() {
            None
        } else {
            self.date(field, label)
        }
    }

    /// A date and time of day in Shanghai (`datetime-local`).
    pub fn moment(&mut self, field: &'static str, label: &str) -> Option<Time> {
        let time = Time::parse_local(self.fields.get(field));
        if time.is_none() {
            self.error(
                field,
                "field.moment",
                format!("请填写{label}的日期和时间，例如 2026-03-05 09:00。"),
            );
        }
        time
    }

    /// 学时.
    pub fn hours(&mut self, field: &'static str, label: &str) -> Option<Hours> {
        let hours = Hours::parse(self.fields.get(field));
        if hours.is_none() {
            self.error(
                field,
                "field.hours",
                format!("{label}请填写数字，最多两位小数，例如 16 或 1.5。"),
            );
        }
        hours
    }

    /// Money in yuan.
    pub fn yuan(&mut self, field: &'static str, label: &str) -> Option<Money> {
        let money = Money::parse_yuan(self.fields.get(field));
        if money.is_none() {
            self.error(field, "field.money", format!("{label}请填写金额（元），最多两位小数。"));
        }
        money
    }

    /// A whole number within bounds.
    pub fn number(&mut self, field: &'static str, label: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let number = self
            .fields
            .get(field)
            .parse()
            .ok()
            .filter(|number| bounds.contains(number));
        if number.is_none() {
            self.error(
                field,
                "field.number",
                format!("{label}请填写 {} 到 {} 之间的整数。", bounds.start(), bounds.end()),
            );
        }
        number
    }

    /// An id, as hidden fields and choices carry it.
    pub fn id<T>(&mut self, field: &'static str, label: &str) -> Option<Id<T>> {
        let id = self.fields.get(field).parse().ok();
        if id.is_none() {
            self.error(field, "field.choice", format!("请选择{label}。"));
        }
        id
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn ticked(&self, field: &str) -> bool {
        matches!(self.fields.get(field), "1" | "on" | "yes" | "true")
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Error::Wrong`] with everything found.
    pub fn finish(self) -> Result<()> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Error::Wrong(self.errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Fields {
        Fields(parse(body.as_bytes()))
    }

    #[test]
    fn bodies_are_decoded() {
        let read = fields("name=%E6%95%B0%E6%8D%AE+x&id=1&id=2&broken=%zz&=&flag");
        assert_eq!(read.get("name"), "数据 x");
        assert_eq!(read.all("id"), ["1", "2"]);
        assert_eq!(read.get("broken"), "%zz");
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let read = fields("title=&seats=0&day=2026-02-30");
        let mut reader = read.reader();
        reader.text("title", "标题", 1..=80);
        reader.number("seats", "名额", 1..=500);
        reader.date("day", "开班日期");
        let Err(Error::Wrong(errors)) = reader.finish() else {
            panic!("must be refused")
        };
        assert_eq!(errors.len(), 3);
        assert_eq!(errors[0].sentence, "请填写标题。");
    }
}
