//! The newest classes as an Atom feed, for readers and for other sites.

use axum::http::header;
use axum::response::IntoResponse;
use kernel::Error;
use learning::courses::{self, CatalogueQuery, ClassCard};
use registry::Window;
use ui::format;
use web::{Caller, Gate, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/feeds/classes.xml", Gate::Public, "班次订阅", classes)
}

struct Item {
    id: String,
    title: String,
    updated: String,
    provider: String,
    summary: String,
}

#[derive(askama::Template)]
#[template(path = "feed.xml")]
struct Feed {
    address: String,
    updated: String,
    demo: bool,
    items: Vec<Item>,
}

fn item(card: &ClassCard) -> Item {
    let (first, last) = card.days();
    Item {
        id: card.id.to_string(),
        title: card.title.clone(),
        updated: card.times.enrol_from.rfc3339(),
        provider: card.provider_name.clone(),
        summary: format!(
            "{} · {} · {}，{}，{} 学时，报名至 {}",
            card.subject.name(),
            card.delivery.name(),
            format::date_range(first, last),
            card.phase.name(),
            card.hours,
            format::moment(card.times.enrol_until.civil()),
        ),
    }
}

async fn classes(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let found = courses::search(ctx, &CatalogueQuery::default(), &Window::sorted("newest", true, 50)).await?;
    let items: Vec<Item> = found.rows.iter().map(item).collect();
    let updated = items
        .iter()
        .map(|item| item.updated.clone())
        .max()
        .unwrap_or_else(|| ctx.now().rfc3339());
    let feed = Feed {
        address: ctx.installation.public_url.clone(),
        updated,
        demo: ctx.installation.demo,
        items,
    };
    let body = askama::Template::render(&feed).map_err(Error::broken)?;
    let headers = [
        (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, body).into_response())
}
