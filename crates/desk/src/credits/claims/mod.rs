//! Hours that people claim: the person's pages (`own`, `writing`, `evidence`, `handing_in`), one claim as all parties see
//! it (`case`), the work of those who decide (`deciding`), the draws (`draws`) and the figures of the procedure.
//! Deliberately absent: what an activity is worth; the use cases ask the edition in force.

mod case;
mod deciding;
mod draws;
mod evidence;
mod handing_in;
mod own;
mod parameters;
mod shown;
mod writing;

use web::Routes;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .and(own::routes())
        .and(writing::routes())
        .and(evidence::routes())
        .and(handing_in::routes())
        .and(deciding::routes())
        .and(draws::routes())
        .and(parameters::routes())
        .and(case::routes())
}
