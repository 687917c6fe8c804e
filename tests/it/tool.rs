//! A tool as a process: its input, its output, its exit status.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A run of a tool that is being prepared.
pub struct Tool {
    name: String,
    command: Command,
    stdin: Vec<u8>,
}

/// The result of a run.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The tool of this name, with a clean environment for the service.
pub fn tool(name: &str) -> Tool {
    let mut command = Command::new(path(name));
    command.env_remove("MAPILLARY_TOKEN").env("XDG_CONFIG_HOME", "/nonexistent");
    Tool { name: name.to_string(), command, stdin: Vec::new() }
}

/// The path of the tool's program: its own, or if it has none, a link to `mly` with its name.
pub fn path(name: &str) -> PathBuf {
    #[cfg(unix)]
    hear_signals();
    let front = Path::new(env!("CARGO_BIN_EXE_mly"));
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    if name != "login" {
        return front.with_file_name(file);
    }
    let link = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    #[cfg(unix)]
    let _ = std::os::unix::fs::symlink(front, &link);
    #[cfg(not(unix))]
    let _ = fs::copy(front, &link);
    link
}

/// The tests may be run with ignored signals (a script's `&` does that), and the tools would ignore them too: a child
/// process inherits ignored signals, but not handlers.
#[cfg(unix)]
fn hear_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT};
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        for signal in
            [SIGHUP, SIGINT, SIGQUIT].into_iter().filter(|it| ignored >> (it - 1) & 1 == 1)
        {
            // Handled, and still without effect here.
            signal_hook::flag::register(signal, std::sync::Arc::default()).unwrap();
        }
    });
}

/// `kill` of the shell: the program is not on every machine.
pub fn kill() -> Command {
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill \"$@\"", "kill"]);
    kill
}

/// The names of all tools: of the files in src/bin, and of the folders of those that are part of `mly` alone.
pub fn names() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_string()).collect();
    names.retain(|name| name != "mly");
    names.sort();
    names
}

#[allow(dead_code)]
impl Tool {
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Tool {
        self.command.arg(arg);
        self
    }

    pub fn args(mut self, args: &[&str]) -> Tool {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Tool {
        self.command.env(name, value);
        self
    }

    pub fn within(mut self, folder: &Path) -> Tool {
        self.command.current_dir(folder);
        self
    }

    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Tool {
        self.stdin = text.into();
        self
    }

    /// Starts it; the caller reads its output and ends it.
    pub fn spawn(mut self) -> Child {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.command.spawn().unwrap_or_else(|error| panic!("cannot run {}: {error}", self.name))
    }

    pub fn run(mut self) -> Run {
        let text = std::mem::take(&mut self.stdin);
        let mut child = self.spawn();
        let mut stdin = child.stdin.take().unwrap();
        // A tool that needs no input closes it early.
        let writer = std::thread::spawn(move || _ = stdin.write_all(&text));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output.into()
    }

    /// Runs it, and panics if it fails.
    #[track_caller]
    pub fn ok(self) -> Run {
        let name = self.name.clone();
        let run = self.run();
        assert_eq!(run.status, Some(0), "{name}: {run:#?}");
        run
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
