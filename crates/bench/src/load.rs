//! An open loop: requests leave at the times of a plan, whether or not earlier ones came back.
//!
//! A closed loop waits for the slow reply and so never sees the queue behind it. Here each latency is counted from the
//! moment at which the plan wanted the request to leave, so a server that stalls for a second shows a second in every
//! request that was due meanwhile. The timer wakes within a millisecond, which is counted too.
//! Bounded: so many requests as the plan has, at most [`UNDER_WAY`] at once, [`PATIENCE`] for each.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep_until, timeout};

/// Requests under way at once; when the server is that far behind, it is lost anyway.
const UNDER_WAY: usize = 2_000;
/// Longest a reply is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest latency that is told apart from longer ones, in microseconds.
const LONGEST_MICROS: u64 = 120_000_000;

/// When requests leave: evenly, so many a second.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Requests a second.
    pub rate: u32,
    /// For how long.
    pub seconds: u32,
}

impl Plan {
    /// How many requests that makes.
    pub fn count(&self) -> u64 {
        u64::from(self.rate) * u64::from(self.seconds)
    }

    /// When request `number` (from 0) is due, from the start on. Computed from the number and not from the request
    /// before, so that rounding never adds up.
    pub fn due(&self, number: u64) -> Duration {
        let nanos = u128::from(number) * 1_000_000_000 / u128::from(self.rate.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// What came back.
pub struct Tally {
    waits: Histogram<u64>,
    bytes: u64,
    /// Requests whose reply was wrong or missing.
    pub wrong: u64,
    /// Why the first of them was.
    pub first_wrong: Option<String>,
    /// From the start to the last reply.
    pub took: Duration,
}

impl Tally {
    fn new() -> Self {
        let waits = Histogram::new_with_bounds(1, LONGEST_MICROS, 3).expect("these bounds are allowed");
        Self {
            waits,
            bytes: 0,
            wrong: 0,
            first_wrong: None,
            took: Duration::ZERO,
        }
    }

    /// Notes a reply by when it was due and when it was there, both from the start. A wrong reply waits too.
    fn note(&mut self, due: Duration, done: Duration, reply: Result<u64, String>) {
        let micros = u64::try_from(done.saturating_sub(due).as_micros()).unwrap_or(u64::MAX);
        self.waits.saturating_record(micros.max(1));
        self.took = self.took.max(done);
        match reply {
            Ok(bytes) => self.bytes += bytes,
            Err(why) => {
                self.wrong += 1;
                self.first_wrong.get_or_insert(why);
            }
        }
    }

    /// The latency that so many of a hundred requests did not exceed.
    pub fn percentile(&self, percent: f64) -> Duration {
        Duration::from_micros(self.waits.value_at_percentile(percent))
    }

    /// The longest latency.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.waits.max())
    }

    /// How many requests were sent.
    pub fn sent(&self) -> u64 {
        self.waits.len()
    }

    /// Replies a second.
    pub fn rate(&self) -> f64 {
        self.sent() as f64 / self.took.as_secs_f64().max(f64::EPSILON)
    }

    /// Bytes of a body as it travelled, on average.
    pub fn mean_bytes(&self) -> u64 {
        self.bytes / (self.sent() - self.wrong).max(1)
    }
}

/// Sends what `request` makes for each number, by the plan. `request` answers with the bytes of the body, or why the
/// reply is wrong.
pub async fn open_loop<F, Fut>(plan: Plan, request: F) -> Tally
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<u64, String>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(UNDER_WAY));
    let (told, mut heard) = mpsc::unbounded_channel();
    let start = Instant::now() + Duration::from_millis(20);
    for number in 0..plan.count() {
        let due = plan.due(number);
        sleep_until(start + due).await;
        let place = Arc::clone(&places).acquire_owned().await;
        let (reply, told) = (request(number), told.clone());
        tokio::spawn(async move {
            let reply = timeout(PATIENCE, reply)
                .await
                .unwrap_or_else(|_| Err("no reply in time".to_owned()));
            let done = start.elapsed();
            drop(place);
            // The listener lives until the last sender is gone.
            let _ = told.send((due, done, reply));
        });
    }
    drop(told);
    let mut tally = Tally::new();
    while let Some((due, done, reply)) = heard.recv().await {
        tally.note(due, done, reply);
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_plan_spreads_its_requests_evenly_and_never_drifts() {
        let plan = Plan { rate: 300, seconds: 60 };
        assert_eq!(plan.count(), 18_000);
        assert_eq!(plan.due(0), Duration::ZERO);
        assert_eq!(plan.due(3), at(10));
        assert_eq!(plan.due(299), Duration::from_nanos(996_666_666));
        for second in 0..60 {
            assert_eq!(plan.due(second * 300), Duration::from_secs(second));
        }
    }

    #[test]
    fn percentiles_are_those_of_the_latencies() {
        let mut tally = Tally::new();
        for ms in 1..=100 {
            tally.note(Duration::ZERO, at(ms), Ok(10));
        }
        let near = |percent, ms: u64| tally.percentile(percent).abs_diff(at(ms)) < at(1);
        assert!(near(50.0, 50) && near(90.0, 90) && near(99.0, 99));
        assert!(tally.longest().abs_diff(at(100)) < at(1));
        assert_eq!((tally.sent(), tally.mean_bytes(), tally.wrong), (100, 10, 0));
    }

    #[test]
    fn a_stall_is_counted_in_every_request_that_was_due_meanwhile() {
        // The server answers nothing for a second, then everything at once.
        let plan = Plan { rate: 100, seconds: 1 };
        let mut tally = Tally::new();
        for number in 0..plan.count() {
            tally.note(plan.due(number), Duration::from_secs(1), Ok(0));
        }
        assert!(tally.percentile(50.0) > at(490), "half of them waited half a second");
        assert!(tally.percentile(99.0) > at(980));
    }

    #[test]
    fn wrong_replies_are_counted_and_the_first_is_told() {
        let mut tally = Tally::new();
        tally.note(at(0), at(1), Ok(100));
        tally.note(at(1), at(2), Err("status 500".into()));
        tally.note(at(2), at(3), Err("no reply in time".into()));
        assert_eq!((tally.sent(), tally.wrong, tally.mean_bytes()), (3, 2, 100));
        assert_eq!(tally.first_wrong.as_deref(), Some("status 500"));
    }

    #[test]
    fn a_reply_that_is_early_for_its_clock_counts_as_nothing() {
        let mut tally = Tally::new();
        tally.note(at(5), at(4), Ok(0));
        assert!(tally.longest() <= Duration::from_micros(1));
    }

    #[tokio::test]
    async fn every_request_of_a_plan_is_sent_once() {
        let sent = Arc::new(std::sync::Mutex::new(Vec::new()));
        let noted = Arc::clone(&sent);
        let request = move |number| {
            noted.lock().expect("a lock").push(number);
            async move { if number == 3 { Err("no".to_owned()) } else { Ok(1) } }
        };
        let tally = open_loop(
            Plan {
                rate: 1_000,
                seconds: 0,
            },
            &request,
        )
        .await;
        assert_eq!(tally.sent(), 0);
        let tally = open_loop(Plan { rate: 20, seconds: 1 }, &request).await;
        assert_eq!((tally.sent(), tally.wrong), (20, 1));
        assert_eq!(*sent.lock().expect("a lock"), (0..20).collect::<Vec<u64>>());
    }
}
