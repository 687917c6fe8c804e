//! The types of the columns, and how a file is compressed.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::{Type, TypePtr};

use crate::row::column_type::ColumnType;
use crate::row::layout::Layout;
use crate::row::parquet::Error;
use crate::row::parquet::geo::{Geo, SIDES};

pub(super) fn schema(
    layout: &Layout,
    types: &[ColumnType],
    geo: Option<&Geo>,
) -> Result<TypePtr, Error> {
    let types = types.iter().copied().chain(layout.more.then_some(ColumnType::Text));
    let columns = layout.names().zip(types).map(|(name, kind)| match kind {
        ColumnType::Text => leaf(name, Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Double => leaf(name, Physical::DOUBLE, None),
        ColumnType::Long => leaf(name, Physical::INT64, None),
        ColumnType::Instant => {
            leaf(name, Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS)))
        }
        ColumnType::Bool => leaf(name, Physical::BOOLEAN, None),
    });
    let mut columns = columns.collect::<Result<Vec<_>, _>>()?;
    if let Some(geo) = geo {
        columns.push(leaf(&geo.geometry, Physical::BYTE_ARRAY, None)?);
        let side = |name| Type::primitive_type_builder(name, Physical::DOUBLE);
        let sides = SIDES.map(|name| side(name).with_repetition(Repetition::REQUIRED).build());
        let sides = sides.into_iter().map(|side| side.map(Arc::new)).collect::<Result<_, _>>()?;
        let bbox = Type::group_type_builder(&geo.bbox).with_repetition(Repetition::OPTIONAL);
        columns.push(Arc::new(bbox.with_fields(sides).build()?));
    }
    Ok(Arc::new(Type::group_type_builder("rows").with_fields(columns).build()?))
}

fn leaf(name: &str, physical: Physical, logical: Option<LogicalType>) -> Result<TypePtr, Error> {
    let builder = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    Ok(Arc::new(builder.with_repetition(Repetition::OPTIONAL).build()?))
}

pub(super) fn properties(has_dictionary: bool) -> Result<WriterPropertiesPtr, Error> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_dictionary_enabled(has_dictionary)
        .set_created_by(format!("mapillary-pipes version {}", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(Arc::new(properties))
}
