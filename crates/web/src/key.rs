//! An id in an address: `/classes/{id}`; nonsense is a page that does not exist, not a bad request.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kernel::{Error, Id};

use crate::Failure;

/// The id of the part `{id}` of the path.
pub struct Key<T>(pub Id<T>);

impl<S: Send + Sync, T> FromRequestParts<S> for Key<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(ids) = Path::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::from(Error::NotFound))?;
        let id = ids
            .iter()
            .find(|(name, _)| name == "id")
            .and_then(|(_, text)| text.parse().ok());
        id.map(Key).ok_or_else(|| Error::NotFound.into())
    }
}
