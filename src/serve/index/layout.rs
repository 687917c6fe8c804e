//! What lies in an index, as its records have it. Texts come first, then tables of records of one length each, then a table of those tables,
//! and 32 bytes that tell where that is. All numbers are little-endian.

/// The tables, by their place in the table of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// What rows were read from, which pictures are known, as text: see `freshness`.
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

/// A record of one length.
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

/// No number: there is none of what it would name.
pub const NONE: u32 = u32::MAX;
/// No time.
pub const NO_TIME: i64 = i64::MIN;

pub const IS_PANO: u32 = 1;
pub const IS_NO_PANO: u32 = 2;
/// Deleted from the service.
pub const IS_GONE: u32 = 4;
/// The id is no number: `id` is where its text lies.
pub const HAS_TEXT_ID: u32 = 8;

record!(
    /// An image: what searches and tiles look at, and where the rest lies. Images of one sequence stand together, in
    /// the order of their capture.
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
    /// A sequence, and what tiles tell of it: facts of its first image that has a place.
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
    /// A place, by its number along the Z-order curve.
    Spot {
        key: u64,
        lon_deg: f64,
        lat_deg: f64,
        number: u32,
    }
);

record!(
    /// The images of a user, an organization, a camera: a part of `Postings`, newest first.
    List {
        hash: u64,
        first: u64,
        count: u32,
    }
);

record!(
    /// A box of world units, and the sequence in it or the next boxes below.
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
        /// Its quality, by its place in the list of qualities.
        quality: u8,
        is_webp: u8,
        is_part: u8,
    }
);

record!(
    /// A map feature: where its id and its fields lie.
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
