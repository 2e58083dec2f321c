//! How much is measured: the whole promise, or just enough to see that everything runs.

/// Sizes and durations of one run.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Whether figures are of no meaning.
    pub quick: bool,
    /// Professionals of the demonstration city.
    pub people: u32,
    /// Published classes of it.
    pub classes: u32,
    /// Batches of 500 postings in a round.
    pub batches: usize,
    /// Rounds of ours against raw; the median counts.
    pub rounds: usize,
    /// How long single use cases are posted, in seconds.
    pub client_seconds: u32,
    /// How long the statement and the catalogue are asked for, in seconds.
    pub load_seconds: u32,
    /// The same of the home page, which has no bar.
    pub home_seconds: u32,
    /// Load before each measurement that does not count, in seconds.
    pub warm_seconds: u32,
    /// Rows of the roster.
    pub roster_rows: u32,
    /// How long certificates are printed, in seconds.
    pub pdf_seconds: u32,
    /// Sessions of each account that may open many people's statements.
    pub logins: usize,
    /// People who all want the same seats.
    pub crowd: usize,
    /// In how many seconds they come.
    pub rush_seconds: u32,
    /// Phones in a lecture hall.
    pub phones: usize,
    /// In how many seconds they check in.
    pub hall_seconds: u32,
}

impl Scale {
    /// What the promises speak of.
    pub fn full() -> Self {
        Self {
            quick: false,
            people: 100_000,
            classes: 20_000,
            batches: 100,
            rounds: 3,
            client_seconds: 5,
            load_seconds: 60,
            home_seconds: 15,
            warm_seconds: 5,
            roster_rows: 100_000,
            pdf_seconds: 5,
            logins: 10,
            crowd: 20_000,
            rush_seconds: 20,
            phones: 540,
            hall_seconds: 60,
        }
    }

    /// A try of every part in about a minute.
    pub fn quick() -> Self {
        Self {
            quick: true,
            people: 2_000,
            classes: 500,
            batches: 6,
            rounds: 1,
            client_seconds: 1,
            load_seconds: 2,
            home_seconds: 2,
            warm_seconds: 1,
            roster_rows: 2_000,
            pdf_seconds: 1,
            logins: 2,
            crowd: 1_000,
            rush_seconds: 2,
            phones: 50,
            hall_seconds: 2,
        }
    }
}
