//! get-detections: lists the objects detected in pictures.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use mapillary_pipes::cli::{self, CachedApiFlags, Jobs, MessageFlags, Rows, WrittenFile};
use mapillary_pipes::row::Field;
use mapillary_pipes::stage::get_detections::{Decode, FetchDetections, Filter, MinArea, Targets};

/// List what was detected in pictures: signs, poles, vegetation, each with its polygon.
///
/// Reads rows with img_id, and gives a row for each detection: the columns of the picture, and
/// detection_id, value, created_at, and where it is in the picture: polygon (coordinates of a GeoJSON
/// MultiPolygon, 0 to 1 from the upper left corner, y downward), area (0 to 1) and box
/// [left, top, right, bottom]; polygon_px, area_px and box_px in pixels of the upright picture of
/// that width and height.
///
/// Rows that have detections already are decoded without asking: rows of this tool, pictures whose
/// column detections has them whole, and rows of gchoumos/mapillary (detections.geometry,
/// decoded_geometry).
#[derive(Parser)]
#[command(
    name = "get-detections",
    after_help = "Example: get-images seqs.csv | get-detections --value 'object--traffic-sign--*' -o signs.csv",
    after_long_help = "Reads img_id, detections; sets width, height, exif_orientation, detection_id, value, \
created_at, polygon, area, box, polygon_px, area_px, box_px, and why where there is not a polygon.\
\n\n\
An overlay and a cut-out are drawn on the picture's file, upright. Masks and COCO are of the size of the picture's file (path, or archive and member), else of width and height. \
The rows of a picture have to stand together. With --coco alone, the ids of categories are those that FILE had, \
or new ones in the order of the rows; with --masks those of its classes.json. Streams; holds the rows that wait for answers, with --masks, --coco, --overlay or --crop \
the ids of all pictures, with --coco all annotations."
)]
pub struct Flags {
    /// Only detections of these kinds; '*' is any text, '?' any character.
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    value: Vec<String>,
    /// Only detections of at least this area: 0.001 or 0.1% of the picture, or 400px.
    #[arg(long, value_name = "AREA")]
    min_area: Option<MinArea>,
    /// Write label images of each picture to DIR: ID.png (number of the class, 16 bits), ID_panoptic.png, and
    /// classes.json, whose numbers do not change between runs and are those of all processes that write to DIR.
    #[arg(long, value_name = "DIR")]
    masks: Option<PathBuf>,
    /// Write a COCO file to FILE: images, annotations, categories of the rows of this process. Processes that share the
    /// rows write a file each, such as 'c-{task}.json'.
    #[arg(long, value_name = "FILE")]
    coco: Option<WrittenFile>,
    /// Write each picture to DIR as ID.jpg, with the detections drawn on it and a legend below.
    #[arg(long, value_name = "DIR")]
    overlay: Option<PathBuf>,
    /// Cut each detection out of its picture, to DIR as ID_DETECTION.jpg.
    #[arg(long, value_name = "DIR")]
    crop: Option<PathBuf>,
    /// Margin of --crop around a box, as a fraction of its longer side.
    #[arg(long, value_name = "PART", default_value_t = 0.1, value_parser = cli::possible_values::part)]
    crop_margin: f64,
    #[command(flatten)]
    pub rows: Rows,
    #[command(flatten)]
    jobs: Jobs,
    /// Repeat requests that have an answer.
    #[arg(long, help_heading = "Work")]
    force: bool,
    #[command(flatten)]
    api: CachedApiFlags,
    #[command(flatten)]
    pub talk: MessageFlags,
}

cli::tool!(Flags);

pub fn main() -> ExitCode {
    cli::main(|flags: Flags, session| {
        // The cache has the service's lists, which are the same for all filters.
        let keep = session.keep(flags.force, &flags.api, Some(Field::ImgId), &());
        let ask = Arc::new(FetchDetections::new(session.client(&flags.api)?));
        let filter = Filter { values: flags.value, min_area: flags.min_area };
        let job = session.rows(&flags.rows)?.jobs(flags.jobs.or(8)).keep(keep);
        let targets = Targets {
            masks: flags.masks,
            coco: flags.coco.map(Into::into),
            overlay: flags.overlay,
            crop: flags.crop,
            crop_margin: flags.crop_margin,
        };
        let tmp_dir = cli::TmpDir::default().folder();
        job.batch_and_scan(ask, || Decode::new(filter, targets, &tmp_dir))
    })
}
