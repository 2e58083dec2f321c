//! The HTTP seam: application state, routes that say what they do, extractors and replies.
//!
//! `portal`, `desk` and `api` are lists of handlers; what they share about HTTP stands here, once, so that `ui`
//! need not know HTTP and the use cases need not either. Recipe for a handler:
//!
//! ```ignore
//! pub fn routes() -> Routes {
//!     Routes::new()
//!         .list("/desk/notices", Gate::Act(Act::ListNotices), "公告管理", list)      // also …/export.xlsx
//!         .get("/desk/notices/new", Gate::Act(Act::PublishNotice), "拟公告", new)
//!         .post("/desk/notices/new", Gate::Act(Act::PublishNotice), "保存公告", create)
//! }
//!
//! async fn create(caller: Caller, fields: Fields) -> Reply {
//!     let result = async {
//!         let mut read = fields.reader();
//!         let input = NewNotice { title: read.text("title", "标题", 2..=80), … };
//!         read.finish()?;
//!         notices::draft(caller.ctx(), input).await
//!     }.await;
//!     match result {
//!         Ok(id) => redirect_saying(&format!("/desk/notices/{id}"), "已保存。"),
//!         Err(error) => reform(error, |errors| form_page(&caller, form(&caller).fill(fields.pairs()).errors(errors))),
//!     }
//! }
//! ```
//! A handler parses and renders; it holds no rule, no SQL and no permission beyond the gate of its route
//! (the use case asks `may` for the thing itself).

mod app;
mod caller;
mod cookies;
mod csrf;
mod export;
mod failure;
mod fields;
mod frame;
mod gate;
mod key;
mod listing;
mod reply;
mod routes;
mod upload;

pub use app::App;
pub use caller::{Caller, VisitorAddress, authenticate};
pub use cookies::{Cookies, SESSION_COOKIE, clear_session, set_session};
pub use csrf::guard as csrf_guard;
pub use failure::{Failure, Problem, render_failures};
pub use fields::{Fields, Reader};
pub use gate::url_encode;
pub use key::Key;
pub use listing::{Listing, columns, list, write_cursor};
pub use reply::{Reply, download, html, page, portal_page, redirect, redirect_saying, reform, reform_reading};
pub use routes::{Gate, RouteRow, Routes};
pub use upload::{Upload, UploadedFile};

/// The id of a request, as its header, its log lines and its error page show it.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);
