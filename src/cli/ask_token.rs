//! Asks for the token on a terminal without echo, and offers to save it.

use std::io::{self, IsTerminal, Read, stdin};

use crate::service::Token;
use crate::shape::FatalError;

use super::Session;
use super::config_file::{ConfigFile, profile, section_of};
use super::signals;
use super::terminal::{self, is_pipe_out};
use super::terminal_echo;

const WHERE: &str = "no token: sign in at https://www.mapillary.com/dashboard/developers, register an application, and \
    copy its client token, which begins with MLY|";
/// The maximum length of a token.
const MOST_BYTES: usize = 4096;

impl Session {
    /// The token that the user types. `None` where nobody can be asked: in a pipe, in a script, in CI.
    pub fn ask_token(&self) -> Result<Option<String>, FatalError> {
        let is_person = stdin().is_terminal() && io::stderr().is_terminal() && !is_pipe_out();
        let is_for_programs = self.terminal.is_quiet() || self.terminal.is_json();
        if !is_person || std::env::var_os("CI").is_some() || is_for_programs {
            return Ok(None);
        }
        self.terminal.pause(true);
        let asked = self.ask_and_keep();
        self.terminal.pause(false);
        asked.map(Some)
    }

    fn ask_and_keep(&self) -> Result<String, FatalError> {
        self.say(WHERE);
        let token = self.answer(&format!("{}: token (it is not shown): ", self.name), false)?;
        Token::new(&token).map_err(FatalError::new)?;
        let mut file = ConfigFile::read();
        if let Some(path) = &file.path {
            let question = format!("{}: keep it in '{}'? [y/N] ", self.name, path.display());
            if self.answer(&question, true)?.trim().eq_ignore_ascii_case("y") {
                let section = section_of(profile().as_deref(), "mapillary");
                let path = file.set(&section, "access_token", token.trim())?;
                self.say(&format!("kept in '{}', which only you can read", path.display()));
            }
        }
        Ok(token.trim().to_string())
    }

    fn answer(&self, question: &str, is_shown: bool) -> Result<String, FatalError> {
        let answer = answer(question, is_shown);
        if answer.is_err() {
            self.stop.set();
        }
        answer
    }
}

/// Reads an answer without echo.
pub fn hidden(question: &str) -> Result<String, FatalError> {
    answer(question, false)
}

/// The line that the user types after the question.
fn answer(question: &str, is_shown: bool) -> Result<String, FatalError> {
    let typed = typed(question, is_shown);
    terminal::say_lines("\n");
    match typed {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(FatalError("interrupted".into())),
        Err(error) => Err(FatalError(format!("cannot read from the terminal: {error}"))),
    }
}

/// The next line from the terminal, without its line end; `None` after Ctrl-C, which arrives as a byte here.
fn typed(question: &str, is_shown: bool) -> io::Result<Option<String>> {
    // Before the question, since a user who sees it may type at once.
    let _hidden = terminal_echo::Hidden::set(&signals::heard())?;
    terminal::say_lines(question);
    let (mut line, mut byte) = (Vec::new(), [0]);
    while stdin().lock().read(&mut byte)? == 1 && line.len() < MOST_BYTES {
        match byte[0] {
            b'\r' | b'\n' => break,
            0x03 => return Ok(None),
            0x04 if line.is_empty() => return Ok(None),
            0x08 | 0x7f => _ = line.pop(),
            0x15 => line.clear(),
            typed => {
                line.push(typed);
                if is_shown {
                    terminal::say_lines(&char::from(typed).to_string());
                }
            }
        }
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}
