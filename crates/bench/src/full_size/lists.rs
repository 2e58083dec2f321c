//! Every list page of the lead, walked one by one: each order both ways, each filter, frequent words, the next page.
//!
//! The pages say themselves what they offer: the navigation names the lists, a list its orders (`sort=`), its filters
//! (`select`) and its search box. So a new list is walked without a line here. One request at a time, each timed once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::Site;
use crate::report::ms;
use crate::visitor::{Target, Web};

/// What a page of a list may take.
const BAR: Duration = Duration::from_millis(500);
/// Choices of one filter that are tried.
const CHOICES: usize = 6;
/// Words that many rows contain or begin with.
const WORDS: [&str; 3] = ["王", "演示", "公需"];
/// The slowest pages that are told.
const TOLD: usize = 8;

/// Measures and reports.
///
/// # Errors
/// When the lead cannot sign in, or a page does not come.
pub(super) async fn measure(site: &mut Site<'_>, web: &Web) -> Result<()> {
    let session = web.sign_in("demo-lead").await?;
    let walker = Walker { web, session };
    let home = walker.page("/desk").await?.1;
    let lists: BTreeSet<String> = links(&home, "/desk/").filter(|href| !href.contains('?')).collect();
    ensure!(
        lists.len() > 10,
        "the lead's navigation names {} pages only",
        lists.len()
    );
    let mut taken: Vec<(Duration, String)> = Vec::new();
    for list in &lists {
        walker.list(list, &mut taken).await?;
    }
    taken.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
    let slow = taken.iter().filter(|(took, _)| *took > BAR).count();
    let worst = taken.first().map_or(Duration::ZERO, |(took, _)| *took);
    let figure = format!(
        "{} pages of {} lists, slowest {}, {slow} over 500 ms",
        taken.len(),
        lists.len(),
        ms(worst)
    );
    site.judged("list pages of the lead", &figure, ("each under 500 ms", slow == 0));
    for (took, path) in taken.iter().take(TOLD) {
        site.report.remark(&format!("{}  {path}", ms(*took)));
    }
    site.note("slowest list page, ms", worst.as_secs_f64() * 1e3);
    Ok(())
}

struct Walker<'w> {
    web: &'w Web,
    session: String,
}

impl Walker<'_> {
    async fn page(&self, path: &str) -> Result<(Duration, String)> {
        let target = Target {
            path: path.to_owned(),
            cookie: Some(self.session.clone()),
        };
        let begun = Instant::now();
        let page = self.web.read(&target).await?;
        Ok((begun.elapsed(), page))
    }

    /// Walks a list, and notes what each page took.
    async fn list(&self, list: &str, taken: &mut Vec<(Duration, String)>) -> Result<()> {
        let (took, page) = self.page(list).await?;
        taken.push((took, list.to_owned()));
        let asked = variants(list, &page);
        let mut seen: BTreeSet<String> = BTreeSet::from([list.to_owned()]);
        for path in asked {
            if !seen.insert(path.clone()) {
                continue;
            }
            let (took, page) = self.page(&path).await?;
            taken.push((took, path));
            let next = links(&page, list).find(|href| href.contains("after="));
            if let Some(next) = next.filter(|next| seen.insert(next.clone())) {
                let (took, _) = self.page(&next).await?;
                taken.push((took, next));
            }
        }
        Ok(())
    }
}

/// The addresses that a list offers: orders both ways (the far end of one is the near end of the other), filters, filters in
/// each order, words.
fn variants(list: &str, page: &str) -> Vec<String> {
    let mut orders: BTreeSet<String> = BTreeSet::new();
    for href in links(page, list) {
        if let Some(order) = value(&href, "sort") {
            let key = order.trim_start_matches('-').to_owned();
            orders.insert(format!("-{key}"));
            orders.insert(key);
        }
    }
    let filters = choices(page);
    let mut asked: Vec<String> = orders.iter().map(|order| format!("{list}?sort={order}")).collect();
    for (name, values) in &filters {
        for choice in values.iter().take(CHOICES) {
            asked.push(format!("{list}?{name}={choice}"));
        }
        // The rarest choice is often the last one.
        for choice in values.first().into_iter().chain(values.last()) {
            asked.extend(
                orders
                    .iter()
                    .map(|order| format!("{list}?{name}={choice}&sort={order}")),
            );
        }
    }
    if page.contains("name=\"q\"") && page.contains(&format!("action=\"{list}\"")) {
        for word in WORDS {
            let word = escaped(word);
            asked.push(format!("{list}?q={word}"));
            asked.extend(orders.iter().map(|order| format!("{list}?q={word}&sort={order}")));
        }
    }
    asked
}

/// The addresses in links that begin so, as a browser reads them; no downloads.
fn links<'p>(page: &'p str, beginning: &'p str) -> impl Iterator<Item = String> + 'p {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
        .filter(move |href| href.starts_with(beginning) && !href.contains("export.xlsx"))
}

/// The value of a key in an address.
fn value<'a>(href: &'a str, key: &str) -> Option<&'a str> {
    let (_, query) = href.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

/// Each `select` of the page with its values that are not empty.
fn choices(page: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for select in page.split("<select").skip(1) {
        let Some((head, rest)) = select.split_once('>') else {
            continue;
        };
        let Some(name) = attribute(head, "name") else { continue };
        let options = rest.split("</select>").next().unwrap_or_default();
        let values = options
            .split("<option")
            .skip(1)
            .filter_map(|option| attribute(option.split('>').next()?, "value"))
            .filter(|value| !value.is_empty());
        found.push((name.to_owned(), values.map(str::to_owned).collect()));
    }
    found
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

/// Percent-encoding of UTF-8, as a form sends it.
fn escaped(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<a href="/desk/entries?year=2026&amp;sort=hours">学时</a><a href="/desk/entries/export.xlsx?sort=year">导出</a>
        <form action="/desk/entries"><input name="q"><select class="x" name="year"><option value="">全部</option>
        <option value="2026">2026 年</option><option value="2025">2025 年</option></select></form>"#;

    #[test]
    fn a_list_is_asked_for_all_that_it_offers() {
        let asked = variants("/desk/entries", PAGE);
        for wanted in [
            "/desk/entries?sort=hours",
            "/desk/entries?sort=-hours",
            "/desk/entries?year=2025",
            "/desk/entries?year=2026&sort=-hours",
            "/desk/entries?q=%E7%8E%8B",
        ] {
            assert!(asked.iter().any(|path| path == wanted), "{wanted} is not in {asked:?}");
        }
        assert!(
            asked
                .iter()
                .all(|path| !path.contains("export") && !path.contains("sort=year"))
        );
    }
}
