//! TEMPORARY: errors of lower layers as texts.
macro_rules! texts { ($($kind:ty),* $(,)?) => { $(impl From<$kind> for String {
    fn from(error: $kind) -> String { error.to_string() }
})* } }
texts!(
    crate::value::Error,
    crate::row::Error,
    crate::row::WrongValue,
    crate::format::thumbnail::Error,
    crate::format::likeness::Difference,
    crate::format::jpeg::ProfileError,
    crate::format::tar::EntryError,
    crate::format::tar::NameError,
    crate::format::detection::Error,
    crate::format::geojson::Error,
    crate::format::track::UnpackError
);
