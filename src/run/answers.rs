//! Answers of the service, kept beside `-o FILE` by the key of their question,
//! so that a run that was cut off asks only for what has no answer yet.
//!
//! `.FILE.answers` is a line of JSON for each answer: the key, the kind, how
//! many rows, and how many bytes of JSON lines follow with them. A last entry
//! that is not whole is not trusted. In memory an answer costs about 24 bytes.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::row::{Field, json};
use crate::stage::{End, Fault};

use super::answer::{Answer, Head};
use super::intake::rows_of;
use super::out::{beside, lock_of};

/// The answers of one output file.
pub struct Answers {
    file: File,
    path: PathBuf,
    places: HashMap<u64, u64>,
    /// Keys that are asked for again, whatever a complete output has of them.
    open: HashSet<u64>,
    end: u64,
}

/// How a run uses what was kept.
pub struct Use<'a> {
    /// What changes the answers: the arguments of the tool, as one text.
    pub identity: &'a str,
    /// Begin anew.
    pub force: bool,
    /// Ask again for what was gone.
    pub recheck: bool,
    /// The field that is the key of a row, for a complete file to serve as
    /// answers too; `None` for a source, which lists anew then.
    pub key: Option<Field>,
}

impl Answers {
    /// Opens or begins the answers of an output file. The note says why
    /// earlier ones were not used.
    pub fn open(output: &Path, how: &Use) -> Result<(Answers, Option<String>), Fault> {
        let path = beside(output, ".", ".answers");
        let wrong = |error: io::Error| Fault(format!("cannot use '{}': {error}", path.display()));
        let file = open::writable(&path).map_err(wrong)?;
        lock_of(&file, output)?;
        let mut answers = Answers {
            file,
            path: path.clone(),
            places: HashMap::new(),
            open: HashSet::new(),
            end: 0,
        };
        let head = head(how.identity);
        let mut note = None;
        let known = answers.read_head().map_err(wrong)?;
        let same = known.as_deref() == Some(head.as_str());
        if how.force || !same || (how.key.is_none() && output.exists()) {
            if known.is_some() && !same && !how.force {
                note = Some(format!(
                    "the arguments have changed since '{}' was begun: asking anew",
                    output.display()
                ));
            }
            answers.restart(&head).map_err(wrong)?;
        } else {
            answers.index(head.len() as u64, how.recheck).map_err(wrong)?;
        }
        if let Some(key) = how.key.filter(|_| !how.force && (same || known.is_none())) {
            answers.adopt(output, key)?;
        }
        Ok((answers, note))
    }

    /// The answer to this key, if it is kept.
    pub fn get(&mut self, key: &str) -> Option<Answer> {
        let at = *self.places.get(&hash(key))?;
        let (head, body) = self.entry(at).ok()??;
        (head.key == key).then(|| head.answer(&body)).flatten()
    }

    /// Keeps an answer: whole on disk when this returns.
    pub fn put(&mut self, key: &str, answer: &Answer) -> Result<(), Fault> {
        let mut body = Vec::new();
        let mut writer = json::Writer::new(&[], &[]);
        answer.rows.iter().for_each(|row| writer.write(row, &mut body));
        let mut entry = Head::of(key, answer, body.len()).line();
        entry.extend_from_slice(&body);
        let at = self.end;
        let written = self.file.seek(SeekFrom::Start(at)).and_then(|_| self.file.write_all(&entry));
        written
            .map_err(|error| Fault(format!("cannot write '{}': {error}", self.path.display())))?;
        self.end += entry.len() as u64;
        self.places.insert(hash(key), at);
        Ok(())
    }

    /// The output is complete and holds the rows itself: what stays here are
    /// the answers that have none. A source keeps nothing.
    pub fn settle(mut self, keep: bool) -> io::Result<()> {
        if !keep {
            return fs::remove_file(&self.path);
        }
        let mut places: Vec<u64> = self.places.values().copied().collect();
        places.sort_unstable();
        let mut rest = self.read_head()?.unwrap_or_default().into_bytes();
        for at in places {
            // The rows of a list that was cut would pass for all of it in the output.
            let is_kept = |head: &Head| head.rows == 0 || head.kind == End::Incomplete.word();
            if let Some((head, body)) = self.entry(at)?.filter(|(head, _)| is_kept(head)) {
                rest.extend_from_slice(&head.line());
                rest.extend_from_slice(body.as_bytes());
            }
        }
        crate::disk::replace::write(&self.path, &rest)
    }

    fn read_head(&mut self) -> io::Result<Option<String>> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut line = String::new();
        BufReader::new((&self.file).take(1 << 12)).read_line(&mut line)?;
        Ok(line.ends_with('\n').then_some(line))
    }

    fn restart(&mut self, head: &str) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(head.as_bytes())?;
        self.end = head.len() as u64;
        Ok(())
    }

    /// Finds the places of all whole entries and cuts off a torn last one.
    fn index(&mut self, start: u64, recheck: bool) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        self.file.seek(SeekFrom::Start(start))?;
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let (mut at, mut line) = (start, Vec::new());
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line)? as u64;
            let Some(head) = Head::parse(&line) else { break };
            let end = at + read + head.bytes as u64;
            if end > length {
                break;
            }
            // What was gone, empty or incomplete may be there by now.
            let is_end = End::ALL.iter().any(|end| end.word() == head.kind);
            if !(recheck && is_end) {
                self.places.insert(hash(&head.key), at);
            } else {
                self.open.insert(hash(&head.key));
            }
            reader.seek_relative(head.bytes as i64)?;
            at = end;
        }
        self.end = at;
        self.file.set_len(at)
    }

    /// Takes the rows of a complete output as answers.
    fn adopt(&mut self, output: &Path, key: Field) -> Result<(), Fault> {
        if !output.exists() {
            return Ok(());
        }
        let (mut last, mut answer) = (String::new(), Answer::default());
        for row in rows_of(output)? {
            let row = row.map_err(|error| Fault(format!("'{}': {error}", output.display())))?;
            let name = row.get(key).unwrap_or_default();
            if name != last {
                self.adopt_one(&last, &answer)?;
                (last, answer) = (name.to_string(), Answer::default());
            }
            answer.rows.push(row);
        }
        self.adopt_one(&last, &answer)
    }

    fn adopt_one(&mut self, key: &str, answer: &Answer) -> Result<(), Fault> {
        let at = hash(key);
        match key.is_empty() || self.places.contains_key(&at) || self.open.contains(&at) {
            true => Ok(()),
            false => self.put(key, answer),
        }
    }

    fn entry(&mut self, at: u64) -> io::Result<Option<(Head, String)>> {
        self.file.seek(SeekFrom::Start(at))?;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        let Some(head) = Head::parse(&line) else { return Ok(None) };
        let mut body = String::new();
        reader.take(head.bytes as u64).read_to_string(&mut body)?;
        Ok(Some((head, body)))
    }
}

/// The first line: by the arguments' digest, since an area may be long.
fn head(identity: &str) -> String {
    serde_json::json!({"mapillary-pipes": "answers", "of": hash(identity)}).to_string() + "\n"
}

/// What stands for a key in memory.
pub fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    const BY_IMAGE: Use =
        Use { identity: "a", force: false, recheck: false, key: Some(Field::ImgId) };

    fn answer(id: &str) -> Answer {
        Answer {
            rows: vec![Row::of(&[(Field::ImgId, id), (Field::Make, "A")])],
            ..Answer::default()
        }
    }

    #[test]
    fn answers_come_back_by_key_after_a_torn_end() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("m.csv");
        let (mut answers, _) = Answers::open(&output, &BY_IMAGE).unwrap();
        answers.put("1", &answer("1")).unwrap();
        answers.put("2", &Answer { end: Some(End::Gone), ..Answer::default() }).unwrap();
        answers.put("3", &answer("3")).unwrap();
        drop(answers);
        let path = beside(&output, ".", ".answers");
        let file = File::options().write(true).open(&path).unwrap();
        file.set_len(file.metadata().unwrap().len() - 3).unwrap();
        let (mut answers, note) = Answers::open(&output, &BY_IMAGE).unwrap();
        assert_eq!((answers.get("1"), note), (Some(answer("1")), None));
        assert_eq!(answers.get("2").unwrap().end, Some(End::Gone));
        assert_eq!(answers.get("3"), None);
    }

    #[test]
    fn other_arguments_and_force_begin_anew_and_recheck_asks_for_the_gone() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("m.csv");
        let gone = Answer { end: Some(End::Gone), ..Answer::default() };
        Answers::open(&output, &BY_IMAGE).unwrap().0.put("2", &gone).unwrap();
        let (mut answers, _) = Answers::open(&output, &Use { recheck: true, ..BY_IMAGE }).unwrap();
        assert_eq!(answers.get("2"), None);
        drop(answers);
        let (mut answers, note) =
            Answers::open(&output, &Use { identity: "b", ..BY_IMAGE }).unwrap();
        assert!(answers.get("2").is_none() && note.unwrap().contains("arguments"));
    }

    #[test]
    fn a_complete_file_serves_as_answers_too() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("m.csv");
        fs::write(&output, "seq_id,img_id\na,1\na,2\nb,3\n").unwrap();
        let (mut answers, _) =
            Answers::open(&output, &Use { key: Some(Field::SeqId), ..BY_IMAGE }).unwrap();
        assert_eq!(answers.get("a").unwrap().rows.len(), 2);
        assert_eq!(answers.get("c"), None);
    }

    #[test]
    fn a_second_run_at_the_same_time_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("m.csv");
        let _first = Answers::open(&output, &BY_IMAGE).unwrap();
        assert!(Answers::open(&output, &BY_IMAGE).err().unwrap().0.contains("another run"));
    }
}
