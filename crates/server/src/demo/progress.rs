//! What whoever waits for the loading sees: a bar with rates on a terminal, plain lines everywhere else.
//! Deliberately absent: logs; loading is a command of one person who looks at it.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a plain line tells about a long stage.
const EVERY: Duration = Duration::from_secs(10);

/// Tells about stages, one after another.
pub struct Progress {
    way: Way,
    stage: Mutex<Stage>,
}

enum Way {
    Bar(ProgressBar),
    Lines,
    Silent,
}

struct Stage {
    name: &'static str,
    done: u64,
    total: u64,
    began: Instant,
    told: Instant,
}

impl Progress {
    /// On standard error: a bar if it is a terminal, else lines.
    #[must_use]
    pub fn on_stderr() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::with(Way::Lines);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
        let style = ProgressStyle::with_template("{msg:>12} {bar:32} {human_pos}/{human_len} {per_sec} 剩余 {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::with(Way::Bar(bar))
    }

    /// Nobody looks.
    #[must_use]
    pub fn silent() -> Self {
        Self::with(Way::Silent)
    }

    fn with(way: Way) -> Self {
        let now = Instant::now();
        let stage = Stage {
            name: "",
            done: 0,
            total: 0,
            began: now,
            told: now,
        };
        Self {
            way,
            stage: Mutex::new(stage),
        }
    }

    /// A stage of `total` things begins; the one before is over.
    pub fn begin(&self, name: &'static str, total: u64) {
        self.end();
        let now = Instant::now();
        *self.locked() = Stage {
            name,
            done: 0,
            total,
            began: now,
            told: now,
        };
        if let Way::Bar(bar) = &self.way {
            bar.reset();
            bar.set_length(total);
            bar.set_message(name);
        }
    }

    /// So many more things are done.
    pub fn add(&self, more: u64) {
        let mut stage = self.locked();
        stage.done += more;
        match &self.way {
            Way::Bar(bar) => bar.inc(more),
            Way::Lines if stage.told.elapsed() >= EVERY => {
                stage.told = Instant::now();
                eprintln!(
                    "  {} {}/{}（每秒 {}）",
                    stage.name,
                    stage.done,
                    stage.total,
                    stage.rate()
                );
            }
            Way::Lines | Way::Silent => {}
        }
    }

    /// The stage is over; told with what it came to.
    pub fn end(&self) {
        let mut stage = self.locked();
        if stage.name.is_empty() {
            return;
        }
        let seconds = stage.began.elapsed().as_millis();
        let line = format!(
            "  {} {}（{}.{} 秒）",
            stage.name,
            stage.done,
            seconds / 1000,
            seconds % 1000 / 100
        );
        match &self.way {
            Way::Bar(bar) => bar.suspend(|| eprintln!("{line}")),
            Way::Lines => eprintln!("{line}"),
            Way::Silent => {}
        }
        stage.name = "";
    }

    /// Everything is over; the bar goes.
    pub fn finish(&self) {
        self.end();
        if let Way::Bar(bar) = &self.way {
            bar.finish_and_clear();
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Stage {
    fn rate(&self) -> u128 {
        u128::from(self.done) * 1000 / self.began.elapsed().as_millis().max(1)
    }
}
