//! A stand-in for archive.org on this machine, for scripts and for trying things out: `internet-archive FILE [NAME]...`
//! writes its address into FILE, and holds items of these names.

use std::path::Path;
use std::process::ExitCode;

#[path = "../tests/it/internet_archive.rs"]
#[allow(dead_code)]
mod internet_archive;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((file, names)) = arguments.split_first() else {
        eprintln!("usage: internet-archive FILE [NAME]...");
        return ExitCode::from(2);
    };
    let ready = internet_archive::start(0).and_then(|archive| {
        names.iter().for_each(|name| archive.hold(name, internet_archive::Item::default()));
        mapillary_pipes::disk::atomic_file::write(
            Path::new(file),
            format!("{}\n", archive.url()).as_bytes(),
        )
    });
    match ready {
        Ok(()) => loop {
            std::thread::park();
        },
        Err(error) => {
            eprintln!("internet-archive: {error}");
            ExitCode::from(2)
        }
    }
}
