//! Names that many images share (users, organizations, cameras), each stored once, by number.

use std::collections::HashMap;
use std::io;

/// All names of a finished index, in memory because they are few.
#[derive(Debug, Default)]
pub struct Names {
    text: String,
    /// The end of each name in `text`.
    ends: Vec<usize>,
}

/// Collects names, and numbers them.
#[derive(Debug)]
pub struct Interner {
    numbers: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Names {
    pub fn read(mut bytes: &[u8]) -> io::Result<Names> {
        let mut names = Names::default();
        while let Some((len, rest)) = bytes.split_at_checked(4) {
            let len = u32::from_le_bytes(len.try_into().expect("four bytes")) as usize;
            let (name, rest) = rest.split_at_checked(len).ok_or(io::ErrorKind::UnexpectedEof)?;
            names.text.push_str(str::from_utf8(name).map_err(io::Error::other)?);
            names.ends.push(names.text.len());
            bytes = rest;
        }
        Ok(names)
    }

    pub fn get(&self, number: u32) -> Option<&str> {
        let at = number as usize;
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }
}

impl Interner {
    /// The first number is reserved for a name that is known only at the end.
    pub fn new() -> Interner {
        Interner { numbers: HashMap::new(), names: vec!["".into()] }
    }

    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(name.into(), number);
        self.names.push(name.into());
        number
    }

    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(number as usize).map(|name| &**name)
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn set_first(&mut self, name: &str) {
        self.names[0] = name.into();
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in &self.names {
            bytes.extend_from_slice(&(name.len() as u32).to_le_bytes());
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests;
