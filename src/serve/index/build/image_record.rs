//! Makes the record of an image from the values of its row.

use crate::serve::record::RecordFacts;

use super::super::layout::{IS_NO_PANO, IS_PANO, ImageRecord, NO_TIME, NONE};
use super::Builder;

impl Builder {
    pub(super) fn image_of(&mut self, facts: &RecordFacts) -> ImageRecord {
        let nan = f64::NAN;
        let mut named =
            |name: &Option<String>| name.as_deref().map_or(NONE, |name| self.names.number(name));
        ImageRecord {
            id: 0,
            captured_ms: facts.captured_ms.unwrap_or(NO_TIME),
            lon_deg: facts.place.map_or(nan, |place| place.lon_deg()),
            lat_deg: facts.place.map_or(nan, |place| place.lat_deg()),
            computed_lon_deg: facts.computed.map_or(nan, |place| place.lon_deg()),
            computed_lat_deg: facts.computed.map_or(nan, |place| place.lat_deg()),
            compass_deg: facts.compass_deg.unwrap_or(nan),
            text_at: 0,
            text_len: 0,
            username: named(&facts.username),
            creator: named(&facts.creator),
            organization: named(&facts.organization),
            make: named(&facts.make),
            model: named(&facts.model),
            sequence: facts.sequence.as_deref().map_or(NONE, |name| self.sequences.number(name)),
            flags: match facts.is_pano {
                Some(true) => IS_PANO,
                Some(false) => IS_NO_PANO,
                None => 0,
            },
            first_picture: 0,
            pictures: 0,
        }
    }
}
