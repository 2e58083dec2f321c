//! Page frame, forms, tables and charts: how the platform looks. No SQL, no HTTP.
