//! The code that people scan in a room: as large as the screen allows, the same in letters for whoever types it.

use askama::Template;

use super::rendered;

/// A code that changes. The piece asks for itself again every two seconds at `address`, which answers with the same
/// piece alone; without JavaScript a link refreshes the page.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/code_screen.html")]
pub struct CodeScreen {
    /// What people scan: an address.
    pub scanned: String,
    /// The square of it, as a `data:` address of an image.
    pub image: String,
    /// The code in letters.
    pub code: String,
    /// How many are there, in words.
    pub words: String,
    /// Answers this piece; empty when nothing changes any more.
    pub address: String,
    /// The page on which it stands.
    pub page: String,
}

impl CodeScreen {
    /// In two halves, so that it can be read aloud.
    fn halves(&self) -> String {
        match self.code.split_at_checked(self.code.len() / 2) {
            Some((first, second)) => format!("{first} {second}"),
            None => self.code.clone(),
        }
    }
}

rendered!(CodeScreen);
