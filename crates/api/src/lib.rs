//! JSON for other systems: /api/v1.
