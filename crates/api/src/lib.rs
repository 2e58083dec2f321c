//! JSON for other systems: /api/v1.

/// Every route of the API.
#[must_use]
pub fn routes() -> web::Routes {
    web::Routes::new()
}
