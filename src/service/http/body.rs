//! Reads a whole body, as long as it arrives fast enough.

use std::io::Read;
use std::time::Instant;

use super::super::no_answer::NoAnswer;
use super::super::throughput_floor::ThroughputFloor;
use super::Http;

impl Http {
    /// The minimum throughput of a body.
    pub fn floor(&self) -> ThroughputFloor {
        ThroughputFloor::new(self.timeout)
    }

    pub(super) fn read_whole(
        &self,
        from: &mut impl Read,
        length: Option<u64>,
        limit: u64,
        heard: &dyn Fn(usize),
    ) -> Result<Vec<u8>, NoAnswer> {
        let mut floor = self.floor();
        let mut body = Vec::new();
        let mut piece = [0; 16 * 1024];
        loop {
            let start = Instant::now();
            let n = from.read(&mut piece).map_err(|e| NoAnswer::of_read(&e))?;
            if n == 0 {
                break;
            }
            body.extend_from_slice(&piece[..n]);
            if body.len() as u64 > limit {
                return Err(NoAnswer::TooLong(limit));
            }
            // The HTTP client's timeout applies to each read: a body that trickles would never end.
            floor.came(n, start.elapsed())?;
            heard(n);
        }
        match length {
            Some(length) if length != body.len() as u64 => {
                Err(NoAnswer::Cut { came: body.len(), length })
            }
            _ => Ok(body),
        }
    }
}
