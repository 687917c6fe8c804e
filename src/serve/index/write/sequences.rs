//! Writes the tables of sequences: names, lines, boxes and first images.

use std::io;

use super::super::layout::{BoxRecord, IS_GONE, ImageRecord, Key, NONE, SequenceRecord, Table};
use super::super::spots::{place, spot, write_spots};
use super::super::storage::IndexOutput;
use super::super::tables::{Tables, hash};
use super::super::z_order::{self, COARSE_ZOOM, DEEPEST};
use super::super::{boxes, kind, line_pieces};

/// Writes sequences by number: names, lines, boxes and first images.
pub(super) fn write_sequences(
    tables: &mut Tables,
    sink: &mut IndexOutput,
    images: &mut [ImageRecord],
    names: &[&str],
) -> io::Result<()> {
    let (mut records, mut keys, mut samples) = (Vec::new(), Vec::new(), Vec::new());
    let mut boxes_of = [Vec::new(), Vec::new()];
    let mut first = 0u32;
    for run in images.chunk_by_mut(|a, b| a.sequence == b.sequence) {
        let start = first;
        first += run.len() as u32;
        let Some(name) = names.get(run[0].sequence as usize) else { continue };
        let number = records.len() as u32;
        // The builder's numbers are replaced by those in the order of the images.
        run.iter_mut().for_each(|image| image.sequence = number);
        let mut record = SequenceRecord {
            name_at: sink.write(name.as_bytes())?,
            name_len: name.len() as u32,
            first: start,
            count: run.len() as u32,
            sample: NONE,
            line_at: 0,
            line_len: 0,
            coarse_len: 0,
            computed_line_at: 0,
            computed_line_len: 0,
            computed_coarse_len: 0,
        };
        for (line, boxes) in write_lines(sink, run, &mut record)?.into_iter().zip(&mut boxes_of) {
            let pieces = line_pieces::pieces(&line, DEEPEST).into_iter();
            boxes.extend(pieces.filter_map(|piece| {
                BoxRecord::around(piece.into_iter().map(line_pieces::on_map), number)
            }));
        }
        let sample = run
            .iter()
            .position(|image| image.flags & IS_GONE == 0 && place(image, false).is_some());
        if let Some(at) = sample {
            record.sample = start + at as u32;
            samples.extend(spot(&run[at], number, false));
        }
        keys.push(Key { hash: hash(kind::SEQUENCE, name), number });
        records.push(record);
    }
    keys.sort_unstable_by_key(|key| (key.hash, key.number));
    let [recorded, computed] = boxes_of.map(boxes::tree);
    tables.put(sink, Table::Sequences, records)?;
    tables.put(sink, Table::SequenceIds, keys)?;
    write_spots(tables, sink, Table::Samples, samples)?;
    tables.put(sink, Table::Boxes, recorded)?;
    tables.put(sink, Table::ComputedBoxes, computed)
}

fn seen(run: &[ImageRecord]) -> impl Iterator<Item = &ImageRecord> {
    run.iter().filter(|image| image.flags & IS_GONE == 0)
}

/// Writes the lines of a sequence, recorded and computed, each in both resolutions; returns both lines in world units.
fn write_lines(
    sink: &mut IndexOutput,
    run: &[ImageRecord],
    record: &mut SequenceRecord,
) -> io::Result<[Vec<(u32, u32)>; 2]> {
    let line = |is_computed| {
        seen(run).filter_map(move |image| place(image, is_computed).map(z_order::units)).collect()
    };
    let lines: [Vec<(u32, u32)>; 2] = [false, true].map(line);
    let [recorded, computed] = [&lines[0], &lines[1]].map(|line| {
        let coarse = z_order::pack(line.iter().copied(), COARSE_ZOOM);
        let fine = z_order::pack(line.iter().copied(), DEEPEST);
        let at = sink.write(&coarse)?;
        sink.write(&fine)?;
        Ok::<_, io::Error>((at, coarse.len() as u32, fine.len() as u32))
    });
    (record.line_at, record.coarse_len, record.line_len) = recorded?;
    (record.computed_line_at, record.computed_coarse_len, record.computed_line_len) = computed?;
    Ok(lines)
}
