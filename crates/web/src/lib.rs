//! The HTTP seam: application state, routes that say what they do, extractors and replies.
