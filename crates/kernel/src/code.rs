//! Closed vocabularies: enums that are stored and sent as a short, stable code.

/// A value of a closed vocabulary. `code` is what is stored in a column, sent in JSON and written in
/// addresses; it never changes once released.
pub trait Code: Sized + Copy + 'static {
    /// Every value, in the order people expect to see them.
    const ALL: &'static [Self];
    /// The stable code.
    fn code(self) -> &'static str;
    /// Reads a code back.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

/// Declares an enum with its codes and its name in Chinese (the official term, for labels and lists).
///
/// ```
/// kernel::codes! {
///     /// 学时科目.
///     pub enum Subject { Public = "public" "公需科目", Professional = "professional" "专业科目" }
/// }
/// use kernel::Code;
/// assert_eq!(Subject::from_code("public"), Some(Subject::Public));
/// assert_eq!(Subject::Public.name(), "公需科目");
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $zh:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vdoc])* $variant),* }
        impl $crate::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
        }
        impl $name {
            /// The official term.
            #[must_use]
            $vis const fn name(self) -> &'static str { match self { $(Self::$variant => $zh),* } }
            /// The value whose official term this is.
            #[must_use]
            $vis fn from_name(name: &str) -> Option<Self> {
                <Self as $crate::Code>::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::Code::code(*self))
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                <Self as $crate::Code>::from_code(&code).ok_or_else(|| serde::de::Error::custom(concat!("unknown ", stringify!($name))))
            }
        }
    };
}
