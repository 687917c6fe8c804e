//! The value of a flag that names an output file.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use clap::builder::{MapValueParser, PathBufValueParser, TypedValueParser, ValueParserFactory};

/// An output file. All other files that flags name are inputs: the check of distinct files recognizes outputs by this
/// type, without a list of flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile(PathBuf);

impl ValueParserFactory for WrittenFile {
    type Parser = MapValueParser<PathBufValueParser, fn(PathBuf) -> WrittenFile>;

    fn value_parser() -> Self::Parser {
        PathBufValueParser::new().map(WrittenFile)
    }
}

impl Deref for WrittenFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<Path> for WrittenFile {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl From<WrittenFile> for PathBuf {
    fn from(file: WrittenFile) -> PathBuf {
        file.0
    }
}
