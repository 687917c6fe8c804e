//! Label images: `ID.png` has the class number of each pixel in 16 bits of grey; `ID_panoptic.png` distinguishes
//! instances, in three channels as in COCO.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Drawing;
use super::classes::Classes;
use super::output_file::{Failure, SOFTWARE, put};

/// The number of possible instances of a class in a picture.
const INSTANCES: usize = 1_000;

pub struct Masks {
    folder: PathBuf,
}

impl Masks {
    pub fn new(folder: PathBuf) -> Masks {
        Masks { folder }
    }

    pub fn write(&self, drawing: &Drawing, classes: &mut Classes) -> Result<(), Failure> {
        let drawn = drawing.found.iter().filter(|found| found.area.is_some());
        classes.include(drawn.map(|found| found.value.as_str()))?;
        let mut labels = vec![0u8; drawing.width * drawing.height * 2];
        let mut panoptic = vec![0u8; drawing.width * drawing.height * 3];
        let mut instances: HashMap<usize, usize> = HashMap::new();
        for found in &drawing.found {
            let Some(area) = &found.area else { continue };
            let class = classes.number(&found.value)?;
            let instance = instances.entry(class).or_default();
            *instance += 1;
            if *instance >= INSTANCES {
                let what = format!("it has {INSTANCES} or more of '{}'", found.value);
                return Err(Failure::Picture(what + ": ask for fewer with --value or --min-area"));
            }
            let (label, id) = ((class as u16).to_be_bytes(), class * INSTANCES + *instance);
            let colour = [id as u8, (id >> 8) as u8, (id >> 16) as u8];
            area.spans(drawing.width, drawing.height, |row, start, end| {
                let (start, end) = (row * drawing.width + start, row * drawing.width + end);
                labels[start * 2..end * 2]
                    .chunks_exact_mut(2)
                    .for_each(|it| it.copy_from_slice(&label));
                panoptic[start * 3..end * 3]
                    .chunks_exact_mut(3)
                    .for_each(|it| it.copy_from_slice(&colour));
            });
        }
        let grey = (png::ColorType::Grayscale, png::BitDepth::Sixteen);
        let rgb = (png::ColorType::Rgb, png::BitDepth::Eight);
        self.put(&format!("{}.png", drawing.id), drawing, grey, &labels)?;
        self.put(&format!("{}_panoptic.png", drawing.id), drawing, rgb, &panoptic)
    }

    fn put(
        &self,
        name: &str,
        drawing: &Drawing,
        (colour, depth): (png::ColorType, png::BitDepth),
        pixels: &[u8],
    ) -> Result<(), Failure> {
        let path = self.folder.join(name);
        let bytes = encode(drawing, colour, depth, pixels)
            .map_err(|error| Failure::Picture(format!("its mask cannot be made: {error}")))?;
        put(&path, &bytes)
    }
}

fn encode(
    drawing: &Drawing,
    colour: png::ColorType,
    depth: png::BitDepth,
    pixels: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, drawing.width as u32, drawing.height as u32);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fast);
    encoder.add_text_chunk("Software".to_string(), SOFTWARE.to_string())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
