//! Runs the local server until it is told to stop.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::disk::{Action, AtPath, open};
use crate::run::Summary;
use crate::serve::{Log, Server, ServerSettings};
use crate::shape::FatalError;

use super::super::{Session, open_files};
use super::{Faults, Serve, ShowWeb, TakeUploads, ids};

impl Session {
    /// Serves until Ctrl-C or SIGTERM, which are its normal end.
    pub fn serve(
        &self,
        serve: &Serve,
        web: &ShowWeb,
        uploads: &TakeUploads,
        faults: &Faults,
    ) -> Result<Summary, FatalError> {
        let mut settings = settings(serve, web, uploads, faults)?;
        settings.log = self.terminal.log();
        settings.warnings = Some(self.terminal.says());
        settings.access_log = serve.access_log.as_deref().map(access_log).transpose()?;
        if let Some(warning) = serve.opens(uploads.allow_upload) {
            self.say(&warning);
        }
        open_files::allow_most();
        let server = Server::start(settings).map_err(FatalError::new)?;
        self.begin();
        // A server started in a terminal ends when that is closed. This comes before the address is published, because
        // whoever knows it may send SIGHUP at once.
        if !io::stdin().is_terminal() && !io::stderr().is_terminal() {
            self.hangup.set(server.reloader());
        }
        server.notes().iter().for_each(|note| self.say(note));
        self.announce(&server, serve.address_file.as_deref())?;
        if uploads.allow_upload {
            self.say(&format!("export MAPILLARY_UPLOAD_ENDPOINT={}", server.upload_url()));
        }
        if web.web {
            self.say(&format!("the page is at {}/web/", server.url()));
        }
        while !self.stop.is_set() {
            self.stop.sleep(Duration::from_secs(3600));
        }
        server.stop();
        Ok(Summary::nothing())
    }

    fn announce(&self, server: &Server, file: Option<&Path>) -> Result<(), FatalError> {
        let url = server.url();
        self.say(&format!(
            "{} images, {} pictures at {url}; point clients there with",
            server.images(),
            server.pictures()
        ));
        self.say(&format!(
            "export MAPILLARY_GRAPH_API_ENDPOINT={url} MAPILLARY_TILES_ENDPOINT={url}"
        ));
        self.tell_address(&url, file)
    }

    /// Writes the address of a server that is ready to a file, for scripts, and to standard output.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn tell_address(&self, url: &str, file: Option<&Path>) -> Result<(), FatalError> {
        if let Some(file) = file {
            self.write_whole(file, format!("{url}\n").as_bytes()).at_path(Action::Write, file)?;
        }
        // Nobody has to read it.
        let _ = writeln!(io::stdout(), "{url}").and_then(|()| io::stdout().flush());
        Ok(())
    }
}

/// The server settings from the flags.
fn settings(
    serve: &Serve,
    web: &ShowWeb,
    uploads: &TakeUploads,
    faults: &Faults,
) -> Result<ServerSettings, FatalError> {
    let Some(dir) = &serve.dir else {
        return Err(FatalError(
            "no folder to serve: name one, such as 'serve-archive mapillary'".into(),
        ));
    };
    Ok(ServerSettings {
        rows: serve.rows.clone(),
        inbox: uploads.inbox.clone(),
        upload: uploads.limits(),
        web: web.settings()?,
        listen: SocketAddr::new(serve.listen, serve.port),
        token: serve.token()?,
        gone: ids(&serve.gone)?,
        quality: serve.quality,
        held_sizes_only: serve.held_sizes_only,
        url_life: Duration::from_secs(serve.url_life),
        density_limit: serve.density_limit,
        thin_to: serve.thin_to,
        strict_box: serve.strict_box,
        lenient_ids: serve.lenient_ids,
        poison: ids(&faults.poison)?,
        faults: faults.fault.clone(),
        seed: faults.seed,
        slow: Duration::from_secs_f64(faults.slow),
        ..ServerSettings::new(dir)
    })
}

/// Appends lines to a file. Lines are lost if it cannot be written later, and the server continues.
pub(super) fn access_log(path: &Path) -> Result<Log, FatalError> {
    let file = open::append(path).at_path(Action::Write, path)?;
    // One write for each line: other programs may write to the same file.
    Ok(Arc::new(move |line: &str| {
        let _ = (&file).write_all(format!("{line}\n").as_bytes());
    }))
}
