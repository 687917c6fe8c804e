//! The binary layout of an index: texts, then tables of fixed-length records, then a table of those tables, and a
//! 32-byte footer with its position. All numbers are little-endian.

/// The tables, by their position in the table of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// The sources that rows were read from and the known pictures, as text: see `freshness`.
    Freshness,
    Notes,
    Names,
    Images,
    Ids,
    Sequences,
    SequenceIds,
    Samples,
    Spots,
    ComputedSpots,
    Boxes,
    ComputedBoxes,
    Lists,
    Postings,
    Pictures,
    Features,
    FeatureIds,
    FeatureSpots,
}

pub const TABLES: usize = 18;

/// A record of fixed length.
pub trait Fixed: Sized {
    const SIZE: usize;
    fn put(&self, out: &mut Vec<u8>);
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl Fixed for $name {
            const SIZE: usize = 0 $(+ size_of::<$kind>())*;

            fn put(&self, out: &mut Vec<u8>) {
                $(out.extend_from_slice(&self.$field.to_le_bytes());)*
            }

            fn get(mut bytes: &[u8]) -> $name {
                $(
                    let (own, rest) = bytes.split_at(size_of::<$kind>());
                    let $field = <$kind>::from_le_bytes(own.try_into().expect("split at its size"));
                    bytes = rest;
                )*
                let _ = bytes;
                $name { $($field,)* }
            }
        }
    };
}

/// The number that means none.
pub const NONE: u32 = u32::MAX;
/// The time that means none.
pub const NO_TIME: i64 = i64::MIN;

pub const IS_PANO: u32 = 1;
pub const IS_NO_PANO: u32 = 2;
/// Deleted from the service.
pub const IS_GONE: u32 = 4;
/// The id is not a number: `id` holds the position of its text.
pub const HAS_TEXT_ID: u32 = 8;

record!(
    /// An image: the values for searches and tiles, and the positions of the rest. Images of one sequence are
    /// consecutive, in capture order.
    ImageRecord {
        id: u64,
        captured_ms: i64,
        lon_deg: f64,
        lat_deg: f64,
        computed_lon_deg: f64,
        computed_lat_deg: f64,
        compass_deg: f64,
        text_at: u64,
        text_len: u32,
        sequence: u32,
        username: u32,
        creator: u32,
        organization: u32,
        make: u32,
        model: u32,
        flags: u32,
        first_picture: u32,
        pictures: u32,
    }
);

record!(
    /// A sequence, and the values for tiles, taken from its first image with a position.
    SequenceRecord {
        name_at: u64,
        name_len: u32,
        first: u32,
        count: u32,
        sample: u32,
        line_at: u64,
        line_len: u32,
        coarse_len: u32,
        computed_line_at: u64,
        computed_line_len: u32,
        computed_coarse_len: u32,
    }
);

record!(
    /// A number by the digest of a name.
    Key {
        hash: u64,
        number: u32,
    }
);

record!(
    /// A position, by its key on the Z-order curve.
    Spot {
        key: u64,
        lon_deg: f64,
        lat_deg: f64,
        number: u32,
    }
);

record!(
    /// The images of a user, an organization or a camera: a part of `Postings`, newest first.
    List {
        hash: u64,
        first: u64,
        count: u32,
    }
);

record!(
    /// A box in world units, and the sequence in it or the first box below.
    BoxRecord {
        west: u32,
        north: u32,
        east: u32,
        south: u32,
        number: u32,
    }
);

record!(
    /// A picture: a file, or a part of a tar.
    PictureRecord {
        path_at: u64,
        part_at: u64,
        part_len: u64,
        path_len: u32,
        /// Its index in the list of qualities.
        quality: u8,
        is_webp: u8,
        is_part: u8,
    }
);

record!(
    /// A map feature: the positions of its id and its fields.
    FeatureRecord {
        id_at: u64,
        text_at: u64,
        id_len: u32,
        text_len: u32,
    }
);

record!(
    /// A number alone.
    Number {
        number: u32,
    }
);
