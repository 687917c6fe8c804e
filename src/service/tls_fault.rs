//! Why a TLS connection failed, in plain words with a remedy; the library names its own variants.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error};

/// The reason, if it is one of TLS; it follows "the server".
pub fn in_words(error: &(dyn StdError + 'static)) -> Option<String> {
    Some(match tls_error(error)? {
        Error::InvalidCertificate(why) => certificate(why),
        Error::InvalidMessage(_) => {
            "does not answer in TLS: its address may be one of http, not https".to_owned()
        }
        Error::AlertReceived(
            AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion,
        )
        | Error::PeerIncompatible(_) => "offers only old versions of TLS, below 1.2".to_owned(),
        other => format!("breaks off TLS: {other}"),
    })
}

/// The error of TLS in a chain of sources. An I/O error is not the source of what it contains.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    if let Some(found) = error.downcast_ref::<Error>() {
        return Some(found);
    }
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.and_then(|inner| tls_error(inner)).or_else(|| tls_error(error.source()?))
}

fn certificate(why: &CertificateError) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Revoked,
    };
    match why {
        Expired | ExpiredContext { .. } => {
            "has a certificate that has expired, or this machine's clock is ahead".to_owned()
        }
        NotValidYet | NotValidYetContext { .. } => {
            "has a certificate that is not valid yet: this machine's clock may be behind".to_owned()
        }
        NotValidForName | NotValidForNameContext { .. } => {
            "has a certificate of another name: is the address right?".to_owned()
        }
        Revoked => "has a certificate that was revoked".to_owned(),
        // The verifier's own error, which has no variant.
        CertificateError::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
            "has a certificate of an authority (CA:TRUE), which is none of a server: sign another with it, for the server".to_owned()
        }
        _ => format!("has a certificate that this system does not trust; {TRUST}"),
    }
}

/// The certificates come from the system; where they are files, OpenSSL's variables name others.
const TRUST: &str = if cfg!(any(target_os = "macos", windows)) {
    "behind a proxy that reads along, add the certificate of the proxy to those of the system"
} else {
    "behind a proxy that reads along, SSL_CERT_FILE names a file with its certificate (PEM)"
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_tls_is_told_in_words_with_a_remedy() {
        let words = |fault: Error| in_words(&io::Error::other(io::Error::other(fault)));
        let untrusted = words(Error::InvalidCertificate(CertificateError::UnknownIssuer));
        assert!(untrusted.is_some_and(|words| words.contains("does not trust")));
        let expired = words(Error::InvalidCertificate(CertificateError::Expired));
        assert!(expired.is_some_and(|words| words.contains("expired")));
        let plain = words(Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType));
        assert!(plain.is_some_and(|words| words.contains("http, not https")));
        assert_eq!(in_words(&io::Error::from(io::ErrorKind::ConnectionRefused)), None);
    }
}
