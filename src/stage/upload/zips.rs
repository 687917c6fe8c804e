//! Uploads ZIP files of sequences.

use std::path::{Path, PathBuf};

use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

use super::error::Error;
use super::receipt::{self, Receipt, receipts};
use super::send::{Put, Sender};
use super::zip;

/// Takes a row for each ZIP file.
pub struct UploadZips {
    /// `None` to send nothing.
    sender: Option<Sender>,
}

impl UploadZips {
    pub fn new(sender: Option<Sender>) -> UploadZips {
        UploadZips { sender }
    }

    fn send(&self, path: &Path, notes: &dyn Diagnostics) -> Result<Receipt, Error> {
        let (digest, images) = zip::read(path)?;
        notes.count("images", images as u64);
        let Some(sender) = &self.sender else { return Ok(Receipt::planned()) };
        match sender.put_zip(path, &digest, images, notes)? {
            Put::Before(record) => Ok(Receipt::kept(&record)),
            Put::Ready(ready) => {
                let sent = ready.end(&sender.client, &sender.how)?;
                Ok(receipts(&sent).pop().unwrap_or_else(Receipt::planned))
            }
        }
    }
}

impl Scan for UploadZips {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { sets: receipt::columns(), ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let path = PathBuf::from(row.get(Field::Path).unwrap_or_default());
        match self.send(&path, notes) {
            Ok(receipt) => out.push(Outcome::Rows(vec![receipt.fill(row)])),
            Err(error) if error.is_of_run() => return Err(FatalError::new(error)),
            Err(error) => out.push(Outcome::Failed(row, error.to_string())),
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}
