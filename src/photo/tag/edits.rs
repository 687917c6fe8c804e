//! The values of a group as edits of EXIF, and of XMP if EXIF has no such tag or cannot be written.

mod description_and_rights;
mod stale_position_tags;
mod xmp_edit;

use crate::format::exif::gps::{self, Direction};
use crate::format::exif::{self, Value, tags};
use crate::format::xmp::{self, Set};
use crate::photo::camera::{self, bearing, decimal};
use crate::value::geo::rounded_deg;
use crate::value::instant::utc;
use crate::value::zone::offset_text;

use super::desired_tags::{Clock, Fix, Heading, Id, Rights};
pub use description_and_rights::{
    LICENCE_LINK, description, is_rights_of, is_rights_text, rights_text,
};
pub use stale_position_tags::names_place;
use stale_position_tags::{OF_OLD_FLIGHT, OF_OLD_PLACE};
use xmp_edit::{iso, ratio, set, text};
/// The changes to a file: in its EXIF, in its XMP, and in XMP only where nothing else can be written or where XMP has
/// the property already.
#[derive(Debug, Default)]
pub struct Edits {
    pub exif: Vec<exif::Edit>,
    pub xmp: Vec<xmp::Edit>,
    /// The same as `exif`, as XMP properties.
    pub twins: Vec<xmp::Edit>,
}

impl Edits {
    pub fn is_empty(&self) -> bool {
        self.exif.is_empty() && self.xmp.is_empty()
    }

    /// Raises the EXIF version if tags of a newer standard than the file's own are set (Exif 2.31 added the offsets,
    /// 2.2 the ImageUniqueID).
    pub fn raise_version(&mut self, own: Option<&str>) {
        let has = |tag| self.exif.iter().any(|edit| edit.tag == tag && edit.value.is_some());
        let needed = match (has(tags::OFFSET_TIME_ORIGINAL), has(tags::IMAGE_UNIQUE_ID)) {
            (true, _) => "0231",
            (false, true) => "0220",
            _ => return,
        };
        if own.is_none_or(|own| own < needed) {
            let version = Value::Undefined(own.map_or("0232", |_| needed).into());
            self.exif.push(exif::Edit { tag: tags::EXIF_VERSION, value: Some(version) });
        }
    }

    pub fn position(&mut self, fix: &Fix) {
        self.exif.extend(gps::position_edits(&fix.gps()));
        self.own("PositionBy", fix.by.clone());
        self.own("GapS", fix.gap_s.map(|s| decimal(s, 3)));
        self.own("GapM", fix.gap_m.map(|m| decimal(m, 3)));
        let place = fix.place;
        let above = fix.altitude_m.map(|m| if m < 0.0 { "1" } else { "0" }.to_string());
        let time = fix.captured_ms.and_then(utc);
        let with = |unit: &str, number: Option<f64>| number.map(|_| unit.to_string());
        self.twins.extend([
            text(xmp::EXIF, "GPSVersionID", Some("2.3.0.0".into())),
            text(xmp::EXIF, "GPSLatitude", Some(xmp::coordinate_text(place.lat_deg(), ['N', 'S']))),
            text(
                xmp::EXIF,
                "GPSLongitude",
                Some(xmp::coordinate_text(place.lon_deg(), ['E', 'W'])),
            ),
            text(xmp::EXIF, "GPSAltitudeRef", above),
            text(xmp::EXIF, "GPSAltitude", fix.altitude_m.map(|m| ratio(m.abs(), 1000))),
            text(xmp::EXIF, "GPSTimeStamp", time.map(|time| iso(time, Some(0)))),
            text(xmp::EXIF, "GPSMapDatum", Some("WGS-84".into())),
            text(xmp::EXIF, "GPSSpeedRef", with("K", fix.speed_kmh)),
            text(xmp::EXIF, "GPSSpeed", fix.speed_kmh.map(|kmh| ratio(kmh, 100))),
            text(xmp::EXIF, "GPSTrackRef", with("T", fix.track_deg)),
            text(xmp::EXIF, "GPSTrack", fix.track_deg.map(|deg| ratio(rounded_deg(deg, 2), 100))),
            text(xmp::EXIF, "GPSDOP", fix.hdop.map(|hdop| ratio(hdop, 100))),
            text(xmp::EXIF, "GPSProcessingMethod", fix.gps().processing_method),
        ]);
        // Data of the old fix, and the reference letters, which some programs write separately from the numbers.
        let old = ["GPSSatellites", "GPSStatus", "GPSMeasureMode", "GPSHPositioningError"];
        let refs = ["GPSLatitudeRef", "GPSLongitudeRef", "GPSDateStamp"];
        self.twins.extend(old.into_iter().chain(refs).map(|name| text(xmp::EXIF, name, None)));
    }

    /// Removes other data about the position that is replaced.
    pub fn old_place(&mut self) {
        self.exif.extend(gps::old_place_edits());
        self.twins.extend(OF_OLD_PLACE.map(|name| text(xmp::EXIF, name, None)));
        self.twins.extend(OF_OLD_FLIGHT.map(|name| text(xmp::DJI, name, None)));
    }

    pub fn direction(&mut self, heading: &Heading) {
        let Direction { deg, magnetic } = heading.direction;
        self.exif.extend(gps::direction_edits(heading.direction));
        self.own("DirectionBy", heading.by.clone());
        let north = if magnetic { "M" } else { "T" };
        self.twins.extend([
            text(xmp::EXIF, "GPSImgDirectionRef", Some(north.into())),
            text(xmp::EXIF, "GPSImgDirection", Some(ratio(rounded_deg(deg, 2), 100))),
        ]);
    }

    pub fn time(&mut self, clock: Clock) {
        let written = clock.local.to_string();
        let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
        let date = Value::Ascii(whole.replace('-', ":").replace('T', " "));
        let fraction = (!fraction.is_empty()).then(|| Value::Ascii(fraction.into()));
        let offset = clock.offset_s.map(|s| Value::Ascii(offset_text(s)));
        let set = |tag, value| exif::Edit { tag, value };
        self.exif.extend([
            set(tags::DATE_TIME_ORIGINAL, Some(date.clone())),
            // It would say another date beside the new one.
            set(tags::MAIN_DATE_TIME_ORIGINAL, None),
            set(tags::DATE_TIME_DIGITIZED, Some(date)),
            set(tags::SUB_SEC_TIME_ORIGINAL, fraction.clone()),
            set(tags::SUB_SEC_TIME_DIGITIZED, fraction),
            set(tags::OFFSET_TIME_ORIGINAL, offset.clone()),
            set(tags::OFFSET_TIME_DIGITIZED, offset),
        ]);
        let time = iso(clock.local.naive(), clock.offset_s);
        self.twins.extend([
            text(xmp::EXIF, "DateTimeOriginal", Some(time.clone())),
            text(xmp::XMP, "CreateDate", Some(time.clone())),
            text(xmp::PHOTOSHOP, "DateCreated", Some(time)),
            // Older programs wrote it for what is xmp:CreateDate now.
            text(xmp::EXIF, "DateTimeDigitized", None),
        ]);
    }

    pub fn make_and_model(&mut self, (make, model): &(Option<String>, Option<String>)) {
        for (tag, name, value) in [(tags::MAKE, "Make", make), (tags::MODEL, "Model", model)] {
            self.exif.push(exif::Edit { tag, value: value.clone().map(Value::Ascii) });
            self.twins.push(text(xmp::TIFF, name, value.clone()));
        }
    }

    pub fn id(&mut self, id: &Id) {
        let ascii = |tag, text: &str| exif::Edit { tag, value: Some(Value::Ascii(text.into())) };
        let description = description(id);
        self.exif.extend([
            ascii(tags::IMAGE_UNIQUE_ID, &id.img_id),
            ascii(tags::IMAGE_DESCRIPTION, &description),
        ]);
        self.own("SequenceId", id.seq_id.clone());
        self.xmp.push(text(xmp::DC, "source", Some(format!("{}{}", camera::LINK, id.img_id))));
        self.twins.push(text(xmp::EXIF, "ImageUniqueID", Some(id.img_id.clone())));
        self.twins.push(set(xmp::DC, "description", Some(Set::Alt(description))));
    }

    pub fn rights(&mut self, rights: &Rights) {
        let words = rights_text(rights);
        let artist = rights.creator.clone().map(Value::Ascii);
        self.exif.extend([
            exif::Edit { tag: tags::ARTIST, value: artist },
            exif::Edit { tag: tags::COPYRIGHT, value: Some(Value::Ascii(words.clone())) },
        ]);
        let creator = rights.creator.clone().map(|creator| Set::Seq(vec![creator]));
        self.xmp.extend([
            set(xmp::DC, "creator", creator),
            set(xmp::DC, "rights", Some(Set::Alt(words))),
            text(xmp::RIGHTS, "Marked", Some("True".into())),
            text(xmp::RIGHTS, "WebStatement", Some(LICENCE_LINK.into())),
        ]);
    }

    /// A full sphere, or the part of it that the file's pixels cover: its full width, around the horizon (Photo
    /// Sphere XMP Metadata).
    pub fn pano(&mut self, size: Option<(u32, u32)>) {
        let named = |name, value: String| text(xmp::GPANO, name, Some(value));
        self.xmp.push(named("ProjectionType", "equirectangular".into()));
        self.xmp.push(named("UsePanoramaViewer", "True".into()));
        let Some((width, height)) = size.filter(|(width, height)| width / 2 >= *height) else {
            return;
        };
        let numbers = [
            ("FullPanoWidthPixels", width),
            ("FullPanoHeightPixels", width / 2),
            ("CroppedAreaImageWidthPixels", width),
            ("CroppedAreaImageHeightPixels", height),
            ("CroppedAreaLeftPixels", 0),
            ("CroppedAreaTopPixels", (width / 2 - height) / 2),
        ];
        self.xmp.extend(numbers.map(|(name, number)| named(name, number.to_string())));
    }

    /// The direction of a panorama's centre: the same as in EXIF.
    pub fn pano_heading(&mut self, deg: Option<f64>) {
        self.xmp.push(text(xmp::GPANO, "PoseHeadingDegrees", deg.map(bearing)));
    }

    fn own(&mut self, name: &'static str, value: Option<String>) {
        self.xmp.push(text(xmp::OWN, name, value));
    }
}
