//! What search engines ask for: which addresses they may read, and a list of the public ones.
//! Deliberately absent: classes that are over (their pages stay, but nobody searches for them), more than the newest
//! two thousand classes and five hundred notices.

use axum::http::header;
use axum::response::IntoResponse;
use kernel::Error;
use learning::courses::{self, CatalogueQuery};
use registry::notices::{self, NoticeFilter};
use registry::{Cursor, Window};
use web::{Caller, Gate, Reply, Routes};

const MOST_CLASSES: usize = 2_000;
const MOST_NOTICES: u32 = 500;
const STEP: u32 = 500;

/// Pages that are always there.
const PAGES: [&str; 9] = [
    "/",
    "/catalogue",
    "/calls",
    "/notices",
    "/providers",
    "/plan",
    "/terms",
    "/verify",
    "/help",
];

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/robots.txt", Gate::Public, "搜索引擎须知", robots)
        .get("/sitemap.xml", Gate::Public, "公开页面清单", sitemap)
}

async fn robots(caller: Caller) -> Reply {
    let text = format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /account\nDisallow: /login\nDisallow: /activate\nDisallow: /register\nDisallow: /api/\n\nSitemap: {}/sitemap.xml\n",
        caller.app().installation.public_url
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

#[derive(askama::Template)]
#[template(path = "sitemap.xml")]
struct Sitemap {
    address: String,
    pages: Vec<String>,
}

async fn sitemap(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let mut pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    let mut window = Window::sorted("newest", true, STEP);
    let mut classes = 0;
    while classes < MOST_CLASSES {
        let found = courses::search(ctx, &CatalogueQuery::default(), &window).await?;
        classes += found.rows.len();
        pages.extend(found.rows.iter().map(|card| format!("/classes/{}", card.id)));
        let next: Option<Cursor> = found.next;
        let Some(next) = next else { break };
        window = window.from(next);
    }
    let newest = Window::sorted("published", true, MOST_NOTICES);
    let public = notices::list_public(ctx, &NoticeFilter::default(), &newest).await?;
    pages.extend(public.rows.iter().map(|notice| format!("/notices/{}", notice.id)));
    let list = Sitemap {
        address: ctx.installation.public_url.clone(),
        pages,
    };
    let body = askama::Template::render(&list).map_err(Error::broken)?;
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, body).into_response())
}
