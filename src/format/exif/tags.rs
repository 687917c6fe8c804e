//! The tags that the tools read or set, by directory (Exif 2.32, 4.6).

use super::Dir;

/// A tag: its directory, its number, and its name in the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    pub dir: Dir,
    pub number: u16,
    pub name: &'static str,
}

macro_rules! tags {
    ($($dir:ident { $($constant:ident = $number:literal $name:literal)* })*) => {
        $($(pub const $constant: Tag =
            Tag { dir: Dir::$dir, number: $number, name: $name };)*)*
    };
}

tags! {
    Main {
        IMAGE_WIDTH = 0x0100 "ImageWidth"
        IMAGE_LENGTH = 0x0101 "ImageLength"
        IMAGE_DESCRIPTION = 0x010E "ImageDescription"
        MAKE = 0x010F "Make"
        MODEL = 0x0110 "Model"
        ORIENTATION = 0x0112 "Orientation"
        X_RESOLUTION = 0x011A "XResolution"
        Y_RESOLUTION = 0x011B "YResolution"
        RESOLUTION_UNIT = 0x0128 "ResolutionUnit"
        DATE_TIME = 0x0132 "ModifyDate"
        ARTIST = 0x013B "Artist"
        YCBCR_POSITIONING = 0x0213 "YCbCrPositioning"
        XMP = 0x02BC "XMLPacket"
        COPYRIGHT = 0x8298 "Copyright"
        // Where TIFF/EP (ISO 12234-2) has it, and many RAW files.
        MAIN_DATE_TIME_ORIGINAL = 0x9003 "DateTimeOriginal of IFD0"
    }
    Exif {
        EXIF_VERSION = 0x9000 "ExifVersion"
        DATE_TIME_ORIGINAL = 0x9003 "DateTimeOriginal"
        DATE_TIME_DIGITIZED = 0x9004 "DateTimeDigitized"
        OFFSET_TIME = 0x9010 "OffsetTime"
        OFFSET_TIME_ORIGINAL = 0x9011 "OffsetTimeOriginal"
        OFFSET_TIME_DIGITIZED = 0x9012 "OffsetTimeDigitized"
        COMPONENTS_CONFIGURATION = 0x9101 "ComponentsConfiguration"
        MAKER_NOTE = 0x927C "MakerNote"
        SUB_SEC_TIME = 0x9290 "SubSecTime"
        SUB_SEC_TIME_ORIGINAL = 0x9291 "SubSecTimeOriginal"
        SUB_SEC_TIME_DIGITIZED = 0x9292 "SubSecTimeDigitized"
        FLASHPIX_VERSION = 0xA000 "FlashpixVersion"
        COLOR_SPACE = 0xA001 "ColorSpace"
        PIXEL_X_DIMENSION = 0xA002 "PixelXDimension"
        PIXEL_Y_DIMENSION = 0xA003 "PixelYDimension"
        IMAGE_UNIQUE_ID = 0xA420 "ImageUniqueID"
        BODY_SERIAL_NUMBER = 0xA431 "BodySerialNumber"
        LENS_SERIAL_NUMBER = 0xA435 "LensSerialNumber"
    }
    Gps {
        GPS_VERSION_ID = 0x00 "GPSVersionID"
        GPS_LATITUDE_REF = 0x01 "GPSLatitudeRef"
        GPS_LATITUDE = 0x02 "GPSLatitude"
        GPS_LONGITUDE_REF = 0x03 "GPSLongitudeRef"
        GPS_LONGITUDE = 0x04 "GPSLongitude"
        GPS_ALTITUDE_REF = 0x05 "GPSAltitudeRef"
        GPS_ALTITUDE = 0x06 "GPSAltitude"
        GPS_TIME_STAMP = 0x07 "GPSTimeStamp"
        GPS_SATELLITES = 0x08 "GPSSatellites"
        GPS_STATUS = 0x09 "GPSStatus"
        GPS_MEASURE_MODE = 0x0A "GPSMeasureMode"
        GPS_DOP = 0x0B "GPSDOP"
        GPS_SPEED_REF = 0x0C "GPSSpeedRef"
        GPS_SPEED = 0x0D "GPSSpeed"
        GPS_TRACK_REF = 0x0E "GPSTrackRef"
        GPS_TRACK = 0x0F "GPSTrack"
        GPS_IMG_DIRECTION_REF = 0x10 "GPSImgDirectionRef"
        GPS_IMG_DIRECTION = 0x11 "GPSImgDirection"
        GPS_MAP_DATUM = 0x12 "GPSMapDatum"
        GPS_DEST_LATITUDE_REF = 0x13 "GPSDestLatitudeRef"
        GPS_DEST_LATITUDE = 0x14 "GPSDestLatitude"
        GPS_DEST_LONGITUDE_REF = 0x15 "GPSDestLongitudeRef"
        GPS_DEST_LONGITUDE = 0x16 "GPSDestLongitude"
        GPS_DEST_BEARING_REF = 0x17 "GPSDestBearingRef"
        GPS_DEST_BEARING = 0x18 "GPSDestBearing"
        GPS_DEST_DISTANCE_REF = 0x19 "GPSDestDistanceRef"
        GPS_DEST_DISTANCE = 0x1A "GPSDestDistance"
        GPS_PROCESSING_METHOD = 0x1B "GPSProcessingMethod"
        GPS_AREA_INFORMATION = 0x1C "GPSAreaInformation"
        GPS_DATE_STAMP = 0x1D "GPSDateStamp"
        GPS_DIFFERENTIAL = 0x1E "GPSDifferential"
        GPS_H_POSITIONING_ERROR = 0x1F "GPSHPositioningError"
    }
}

/// Tags whose value is an offset in the block, or contains offsets.
pub(super) mod pointers {
    pub const STRIP_OFFSETS: u16 = 0x0111;
    pub const STRIP_LENGTHS: u16 = 0x0117;
    pub const TILE_OFFSETS: u16 = 0x0144;
    pub const TILE_LENGTHS: u16 = 0x0145;
    pub const SUB_IFDS: u16 = 0x014A;
    pub const THUMBNAIL: u16 = 0x0201;
    pub const THUMBNAIL_LENGTH: u16 = 0x0202;
    pub const EXIF_IFD: u16 = 0x8769;
    pub const GPS_IFD: u16 = 0x8825;
    /// Not a pointer by the standard, but makers store absolute offsets in it.
    pub const MAKER_NOTE: u16 = 0x927C;
    pub const INTEROP_IFD: u16 = 0xA005;
    /// Padding that Windows reserves for itself, all zeros except its own number.
    pub const PADDING: u16 = 0xEA1C;
}
