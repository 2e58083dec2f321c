//! An address with its query: how sort links, chips, exports and paging keep the filters of the page.
//! Order of the pairs is kept; values are form-encoded. Deliberately absent: hosts and fragments.

use std::fmt;

use url::form_urlencoded;

/// A path and its query pairs, for example `/classes?field=ai&sort=-starts`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// From a path and the raw query of the request (without `?`); unreadable bytes are replaced.
    pub fn new(path: &str, query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self {
            path: path.to_owned(),
            pairs,
        }
    }

    /// From an address as a browser shows it, `/classes?q=x`.
    pub fn parse(address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self::new(path, query)
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// Every value of a key, for filters that allow several.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The same with this key set to one value; an empty value removes the key.
    #[must_use]
    pub fn with(&self, key: &str, value: &str) -> Self {
        let mut next = self.without(key);
        if !value.is_empty() {
            next.pairs.push((key.to_owned(), value.to_owned()));
        }
        next
    }

    /// The same without a key.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(k, _)| k != key).cloned().collect();
        Self {
            path: self.path.clone(),
            pairs,
        }
    }

    /// The same on the first page: without the cursors of paging.
    #[must_use]
    pub fn first_page(&self) -> Self {
        self.without(AFTER).without(BEFORE)
    }

    /// The same query at another path, for an export of exactly what is shown.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            pairs: self.pairs.clone(),
        }
    }
}

/// Query key of the cursor to the next page.
pub const AFTER: &str = "after";
/// Query key of the cursor to the previous page.
pub const BEFORE: &str = "before";
/// Query key of the order: `starts`, or `-starts` for descending.
pub const SORT: &str = "sort";

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.pairs.is_empty() {
            return Ok(());
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.pairs)
            .finish();
        write!(f, "?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_it_is_not_asked_to_change() {
        let here = Address::parse("/classes?q=%E6%95%B0%E6%8D%AE&field=ai&empty=&after=x");
        assert_eq!(here.get("q"), Some("数据"));
        assert_eq!(here.get("empty"), None);
        let sorted = here.first_page().with(SORT, "-starts");
        assert_eq!(
            sorted.to_string(),
            "/classes?q=%E6%95%B0%E6%8D%AE&field=ai&sort=-starts"
        );
        assert_eq!(here.without("q").with("field", "").first_page().to_string(), "/classes");
    }

    #[test]
    fn values_cannot_leave_their_place() {
        let here = Address::new("/x", "").with("q", "a&b=\"<c>");
        assert_eq!(here.to_string(), "/x?q=a%26b%3D%22%3Cc%3E");
        assert_eq!(Address::parse(&here.to_string()), here);
    }
}
