//! Line icons, 24 units square, drawn by us; they take the colour and size of the text around them.
//! An icon never stands without words, so it is hidden from screen readers.

use std::fmt;

use askama::filters::HtmlSafe;

/// The icons there are; add one here rather than in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Home,
    Tasks,
    Bell,
    Person,
    People,
    Organisation,
    Class,
    Course,
    Calendar,
    Ledger,
    Certificate,
    Chart,
    Shield,
    Search,
    Menu,
    Settings,
    Upload,
    Download,
    Print,
    Plan,
    Money,
    Key,
    Help,
    Trail,
    Close,
    Check,
    ArrowRight,
    Warning,
    Info,
    Copy,
    File,
    Place,
}

impl Icon {
    /// The icon that goes with an address, by its last word, so that the same place looks the same everywhere.
    pub fn of_address(href: &str) -> Self {
        match href.trim_end_matches('/').rsplit('/').next().unwrap_or_default() {
            "" | "desk" => Self::Home,
            "tasks" => Self::Tasks,
            "messages" | "notices" => Self::Bell,
            "account" | "me" => Self::Person,
            "people" | "staff" | "merges" | "enrolments" | "enrol" => Self::People,
            "orgs" | "providers" => Self::Organisation,
            "classes" | "catalogue" => Self::Class,
            "courses" | "terms" => Self::Course,
            "calendar" => Self::Calendar,
            "entries" | "statement" | "credits" => Self::Ledger,
            "certificates" | "credentials" => Self::Certificate,
            "statistics" => Self::Chart,
            "compliance" | "verify" => Self::Shield,
            "import" => Self::Upload,
            "tokens" => Self::Key,
            "audit" | "jobs" => Self::Trail,
            "system" => Self::Settings,
            "money" | "funds" => Self::Money,
            "help" => Self::Help,
            _ => Self::Plan,
        }
    }

    /// Path data of the strokes; written here only, so it is safe by construction.
    fn strokes(self) -> &'static str {
        match self {
            Self::Home => "M4 11.5 12 4l8 7.5M6 10v10h4.5v-6h3v6H18V10",
            Self::Tasks => "M9 5h11M9 12h11M9 19h11M3.5 5l1.3 1.3L7 4M3.5 12l1.3 1.3L7 11M3.5 19l1.3 1.3L7 18",
            Self::Bell => "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.7-6 7.5-6s6.9 2 7.5 6",
            Self::People => {
                "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5\
                 M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.4c2 .8 3.2 2.6 3.5 5.1"
            }
            Self::Organisation => {
                "M4 20.5V4.5h9v16M13 9.5h7v11M2.5 20.5h19M7 8.5h3M7 12.5h3M7 16.5h3M16.5 13.5v0M16.5 17v0"
            }
            Self::Class => "M3 5h18v11H3zM12 16v4M8 20.5h8M7 9h6M7 12h9",
            Self::Course => "M12 6.5c-2-1.5-5-2-8-2v13c3 0 6 .5 8 2 2-1.5 5-2 8-2v-13c-3 0-6 .5-8 2zM12 6.5v13",
            Self::Calendar => "M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4M8 14.5h2.5M13.5 14.5H16",
            Self::Ledger => "M6 3.5h12.5v17H6a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2zM8 8h7M8 12h7M8 16h4",
            Self::Certificate => {
                "M3.5 4.5h17v11h-6M9.5 15.5h-6v-11M7.5 8.5h9M12 16.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM10.3 16.2 9.5 21l2.5-1.5 2.5 1.5-.8-4.8"
            }
            Self::Chart => "M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6",
            Self::Shield => "M12 3.5 19.5 6v6c0 4.5-3 7.3-7.5 8.5C7.5 19.3 4.5 16.5 4.5 12V6zM8.5 12l2.5 2.5 4.5-5",
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20.5 20.5",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
            Self::Upload => "M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4 15v5h16v-5",
            Self::Download => "M12 4.5v11M7.5 11l4.5 4.5 4.5-4.5M4 15v5h16v-5",
            Self::Print => "M7 8.5v-5h10v5M7 17H3.5V8.5h17V17H17M7 13.5h10v7H7z",
            Self::Plan => "M5 3.5h9.5l4.5 4.5v12.5H5zM14 3.5V8.5h5M8.5 12.5h7M8.5 16h7",
            Self::Money => {
                "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 7.5 12 12l3.5-4.5M12 12v5.5M8.8 12h6.4M8.8 14.8h6.4"
            }
            Self::Key => "M8 16.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12.5h8.5v3.5M17 12.5v2.5",
            Self::Help => {
                "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9.5 9.7c.2-1.5 1.2-2.3 2.6-2.3 1.5 0 2.5.9 2.5 2.2 0 1.9-2.5 2-2.5 4M12 16.5v.1"
            }
            Self::Trail => "M12 7.5V12l3 2M4.5 5v4h4M4.6 9a8 8 0 1 1-.5 4.5",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::ArrowRight => "M5 12h14M13 6l6 6-6 6",
            Self::Warning => "M12 4 21 19.5H3zM12 10v4.5M12 17v.1",
            Self::Info => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.7v.1",
            Self::Copy => "M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4",
            Self::File => "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8.5h4.5",
            Self::Place => {
                "M12 21c4.5-4.5 7-8 7-11a7 7 0 0 0-14 0c0 3 2.5 6.5 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"{}\"/></svg>",
            self.strokes()
        )
    }
}

impl HtmlSafe for Icon {}
