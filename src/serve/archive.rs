//! The records of an archive, and where to look for them: by id, sequence,
//! creator, organization and place.

use std::collections::HashMap;

use super::record::{Image, Record};
use crate::value::area::BBox;

/// What the archive knows, ready to be asked.
#[derive(Debug, Default)]
pub struct Archive {
    images: Vec<Image>,
    by_id: HashMap<Box<str>, u32>,
    sequences: HashMap<Box<str>, Vec<u32>>,
    /// Newest first, as the service lists a user's pictures.
    by_username: HashMap<String, Vec<u32>>,
    by_organization: HashMap<String, Vec<u32>>,
    newest_first: Vec<u32>,
    usernames: HashMap<String, String>,
    /// Images with a place that are not gone, from west to east.
    by_lon: Vec<u32>,
}

/// A file that a row names for an image, to be looked at where no file in the
/// folder has the image's name.
#[derive(Debug)]
pub struct Claim {
    pub id: Box<str>,
    pub path: Option<String>,
    pub quality: Option<String>,
}

/// Collects rows into an archive.
#[derive(Debug, Default)]
pub struct Builder {
    archive: Archive,
    claims: Vec<Claim>,
}

impl Builder {
    /// Takes a row in its JSON form; rows that are no images are passed over.
    pub fn add(&mut self, row: &str) -> Result<(), String> {
        let Some(record) = Record::read(row)? else { return Ok(()) };
        if record.path.is_some() || record.quality.is_some() {
            let id = record.image.id.clone();
            self.claims.push(Claim { id, path: record.path, quality: record.quality });
        }
        let Archive { images, by_id, .. } = &mut self.archive;
        match by_id.get(&record.image.id) {
            Some(&at) => images[at as usize].update(record.image),
            None => {
                let at =
                    u32::try_from(images.len()).map_err(|_| "more than 2^32 images".to_owned())?;
                by_id.insert(record.image.id.clone(), at);
                images.push(record.image);
            }
        }
        Ok(())
    }

    /// Marks an image as deleted from the service.
    pub fn lose(&mut self, id: &str) -> bool {
        let Some(&at) = self.archive.by_id.get(id) else { return false };
        self.archive.images[at as usize].gone = true;
        true
    }

    /// The archive with all its indexes, and what the rows said of files.
    pub fn finish(mut self) -> (Archive, Vec<Claim>) {
        self.archive.index();
        (self.archive, self.claims)
    }
}

impl Archive {
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// The image of an id, unless it is gone.
    pub fn image(&self, id: &str) -> Option<&Image> {
        let &at = self.by_id.get(id)?;
        Some(&self.images[at as usize]).filter(|image| !image.gone)
    }

    /// Whether rows speak of the image, gone or not.
    pub fn knows(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The images of a sequence in capture order, gone ones among them.
    pub fn sequence(&self, id: &str) -> impl Iterator<Item = &Image> {
        self.at(self.sequences.get(id))
    }

    pub fn sequences(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &Image>)> {
        self.sequences.iter().map(|(id, places)| (&**id, self.at(Some(places))))
    }

    /// A user's images, newest first.
    pub fn of_user(&self, username: &str) -> impl Iterator<Item = &Image> {
        self.at(self.by_username.get(username)).filter(|image| !image.gone)
    }

    /// An organization's images, newest first.
    pub fn of_organization(&self, id: &str) -> impl Iterator<Item = &Image> {
        self.at(self.by_organization.get(id)).filter(|image| !image.gone)
    }

    /// All images, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Image> {
        self.at(Some(&self.newest_first)).filter(|image| !image.gone)
    }

    /// The name of a user, by id.
    pub fn username(&self, id: &str) -> Option<&str> {
        self.usernames.get(id).map(String::as_str)
    }

    /// The user with the most images: whoever asks is taken for the owner of the archive.
    pub fn owner(&self) -> Option<(&str, &str)> {
        let count = |name: &String| self.by_username.get(name).map_or(0, Vec::len);
        let users = self.usernames.iter().map(|(id, name)| (count(name), id, name));
        users.max().map(|(_, id, name)| (id.as_str(), name.as_str()))
    }

    /// The images in a box that does not cross the antimeridian, from west to east.
    pub fn within(&self, bounds: BBox) -> impl Iterator<Item = &Image> {
        let first = self
            .by_lon
            .partition_point(|&at| lon_deg(&self.images[at as usize]) < bounds.west_deg());
        self.at(Some(&self.by_lon[first..]))
            .take_while(move |image| lon_deg(image) <= bounds.east_deg())
            .filter(move |image| image.place.is_some_and(|place| bounds.contains(place)))
    }

    fn at<'a>(
        &'a self,
        places: Option<impl IntoIterator<Item = &'a u32>>,
    ) -> impl Iterator<Item = &'a Image> {
        places.into_iter().flatten().map(|&at| &self.images[at as usize])
    }

    fn index(&mut self) {
        let images = &self.images;
        for (at, image) in (0u32..).zip(images) {
            if let Some(sequence) = &image.sequence {
                self.sequences.entry(sequence.clone()).or_default().push(at);
            }
            if let Some(name) = image.text_in("creator", "username") {
                if let Some(id) = image.text_in("creator", "id") {
                    self.usernames.insert(id, name.clone());
                }
                self.by_username.entry(name).or_default().push(at);
            }
            if let Some(id) = image.text_in("organization", "id") {
                self.by_organization.entry(id).or_default().push(at);
            }
            if image.place.is_some() && !image.gone {
                self.by_lon.push(at);
            }
        }
        let age = |at: &u32| order(&images[*at as usize]);
        for sequence in self.sequences.values_mut() {
            // Rows of get-images stand in capture order and may lack the time;
            // sorting some by time and some not would tear that order.
            if sequence.iter().all(|&at| images[at as usize].captured_ms.is_some()) {
                sequence.sort_by_key(age);
            }
        }
        for list in self.by_username.values_mut().chain(self.by_organization.values_mut()) {
            list.sort_by_key(|at| std::cmp::Reverse(age(at)));
        }
        self.newest_first = (0..images.len() as u32).collect();
        self.newest_first.sort_by_key(|at| std::cmp::Reverse(age(at)));
        let lon_deg = |at: &u32| lon_deg(&images[*at as usize]);
        self.by_lon.sort_by(|a, b| lon_deg(a).total_cmp(&lon_deg(b)).then(age(a).cmp(&age(b))));
    }
}

/// Images without a place stand in no index by longitude.
fn lon_deg(image: &Image) -> f64 {
    image.place.map_or(f64::NAN, |place| place.lon_deg())
}

/// By time, then by id as a number of any length.
fn order(image: &Image) -> (Option<i64>, usize, &str) {
    (image.captured_ms, image.id.len(), &image.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(rows: &[&str], gone: &[&str]) -> Archive {
        let mut builder = Builder::default();
        for row in rows {
            builder.add(row).expect("a readable row");
        }
        for id in gone {
            assert!(builder.lose(id));
        }
        builder.finish().0
    }

    fn bbox(w: f64, s: f64, e: f64, n: f64) -> BBox {
        BBox::new(w, s, e, n).expect("a box")
    }

    fn ids<'a>(images: impl Iterator<Item = &'a Image>) -> Vec<&'a str> {
        images.map(|image| &*image.id).collect()
    }

    #[test]
    fn a_sequence_is_in_capture_order_then_by_id() {
        let rows = [
            r#"{"id":"10","sequence":"s","captured_at":5}"#,
            r#"{"id":"9","sequence":"s","captured_at":5}"#,
            r#"{"id":"11","sequence":"s","captured_at":4}"#,
        ];
        assert_eq!(ids(archive(&rows, &[]).sequence("s")), ["11", "9", "10"]);
    }

    #[test]
    fn a_sequence_with_unknown_times_keeps_the_order_of_its_rows() {
        let rows = [
            r#"{"id":"3","sequence":"s"}"#,
            r#"{"id":"1","sequence":"s","captured_at":9}"#,
            r#"{"id":"2","sequence":"s","captured_at":8}"#,
        ];
        assert_eq!(ids(archive(&rows, &[]).sequence("s")), ["3", "1", "2"]);
    }

    #[test]
    fn a_gone_image_is_listed_in_its_sequence_only() {
        let rows = [
            r#"{"id":"1","sequence":"s","creator":{"username":"ada","id":"7"},"geometry":{"coordinates":[1,1]}}"#,
            r#"{"id":"2","sequence":"s","error":"gone"}"#,
        ];
        let archive = archive(&rows, &["1"]);
        assert_eq!(ids(archive.sequence("s")), ["1", "2"]);
        assert!(archive.image("1").is_none() && archive.image("2").is_none());
        assert_eq!(archive.of_user("ada").count(), 0);
        assert_eq!(archive.within(bbox(0.0, 0.0, 2.0, 2.0)).count(), 0);
    }

    #[test]
    fn a_box_gives_the_images_on_and_inside_its_edges() {
        let rows: Vec<String> = (0..5)
            .map(|n| format!(r#"{{"id":"{n}","geometry":{{"coordinates":[{n},{}]}}}}"#, 10 - n))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(ids(archive(&rows, &[]).within(bbox(1.0, 7.0, 3.5, 8.0))), ["2", "3"]);
    }

    #[test]
    fn a_users_images_come_newest_first() {
        let rows = [
            r#"{"id":"1","captured_at":1,"creator":{"username":"ada","id":"7"}}"#,
            r#"{"id":"2","captured_at":2,"creator":{"username":"ada","id":"7"}}"#,
        ];
        let archive = archive(&rows, &[]);
        assert_eq!(ids(archive.of_user("ada")), ["2", "1"]);
        assert_eq!(archive.owner(), Some(("7", "ada")));
    }
}
