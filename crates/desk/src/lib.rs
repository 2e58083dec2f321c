//! Pages behind the sign-in.
