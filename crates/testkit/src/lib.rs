//! A world to test in: a database, a moved clock, named people. For tests only.
