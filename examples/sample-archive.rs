//! Makes the sample archive of the demo: `sample-archive FOLDER`.

use std::path::PathBuf;
use std::process::ExitCode;

use mapillary_pipes::serve::sample_town as sample;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: sample-archive FOLDER");
        return ExitCode::from(2);
    };
    match sample::write(&folder) {
        Ok(()) => {
            println!("{}", sample::DELETED);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sample-archive: cannot write '{}': {error}", folder.display());
            ExitCode::from(2)
        }
    }
}
