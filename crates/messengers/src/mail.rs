//! E-mail by SMTP.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dinh_casework::{Messenger, NotSent, Notice};
use dinh_context::outbound::AllowList;
use dinh_model::Clock;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Error;
use crate::letter::{Sender, letter};

/// How the connection is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS begins after the greeting, and nothing is said before (port 587).
    #[default]
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None: for a relay on this machine (port 25).
    None,
}

impl Security {
    fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// How letters are sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server.
    pub host: String,
    /// Its port; the usual one of `security` if none.
    pub port: Option<u16>,
    /// How the connection is secured.
    pub security: Security,
    /// Who writes: an address, perhaps with a name before it.
    pub from: String,
    /// Whom to answer; letters say that nobody answers if none.
    pub reply_to: Option<String>,
    /// Name and password.
    pub credentials: Option<(String, String)>,
    /// Authorities that vouch for the server besides those of the system: PEM.
    pub authorities: Option<Vec<u8>>,
    /// How long everything about one letter may take.
    pub timeout: Duration,
}

/// E-mail.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
    clock: Arc<dyn Clock>,
    timeout: Duration,
}

impl Mail {
    /// Prepares to send; nothing is called yet.
    ///
    /// # Errors
    /// What is wrong with the settings, or that `allow` does not have the server.
    pub fn new(settings: MailSettings, allow: &AllowList, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let MailSettings { host, security, timeout, .. } = settings;
        let port = settings.port.unwrap_or(security.port());
        let not_allowed = || Error::NotAllowed { host: format!("{host}:{port}") };
        let url = Url::parse(&format!("smtp://{host}:{port}")).map_err(|_no_host| not_allowed())?;
        allow.check(&url).map_err(|_not_on_it| not_allowed())?;
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
        if security == Security::None && settings.credentials.is_some() && !is_here {
            return Err(Error::InTheClear);
        }
        let sender = Sender {
            from: mailbox("from", &settings.from)?,
            reply_to: settings.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?,
        };
        let tls = || tls(&host, settings.authorities.as_deref());
        let tls = match security {
            Security::StartTls => Tls::Required(tls()?),
            Security::Tls => Tls::Wrapper(tls()?),
            Security::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.as_str())
            .port(port)
            .tls(tls)
            .timeout(Some(timeout));
        if let Some((user, password)) = settings.credentials {
            transport = transport.credentials(Credentials::new(user, password));
        }
        Ok(Self { transport: transport.build(), sender, clock, timeout })
    }

    async fn tell(&self, notice: &Notice) -> Result<(), NotSent> {
        let text = notice.email.as_deref().unwrap_or_default();
        let address = text.parse::<Address>();
        let address =
            address.map_err(|error| NotSent::Never(format!("the e-mail address is none: {error}")))?;
        let since = u64::try_from(self.clock.now().as_micros()).unwrap_or_default();
        let now = SystemTime::UNIX_EPOCH + Duration::from_micros(since);
        let name = Some(notice.name.clone()).filter(|name| !name.chars().any(char::is_control));
        let letter =
            letter(&self.sender, Mailbox::new(name, address), notice, now).map_err(NotSent::Never)?;
        match tokio::time::timeout(self.timeout, self.transport.send(letter)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(why(&error)),
            Err(_elapsed) => {
                Err(NotSent::Down(format!("the server took longer than {} s", self.timeout.as_secs())))
            }
        }
    }
}

impl Messenger for Mail {
    fn name(&self) -> &'static str {
        "email"
    }

    fn reaches(&self, notice: &Notice) -> bool {
        notice.email.is_some()
    }

    fn send<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotSent>> {
        self.tell(notice).boxed()
    }
}

fn mailbox(setting: &'static str, text: &str) -> Result<Mailbox, Error> {
    text.parse().map_err(|_none| Error::Address { setting, value: text.to_owned() })
}

fn tls(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, Error> {
    let wrong = |error: lettre::transport::smtp::Error| Error::Tls(error.to_string());
    let mut tls = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authorities {
        tls = tls.add_root_certificate(Certificate::from_pem(pem).map_err(wrong)?);
    }
    tls.build().map_err(wrong)
}

/// What a failure means. Of the replies of servers (RFC 5321 4.2.3) those that speak of the address are for good; what
/// speaks of us, of our message or of their trouble may go another day.
fn why(error: &lettre::transport::smtp::Error) -> NotSent {
    let text = whole(error);
    let Some(code) = error.status().map(|code| code.to_string()) else {
        return NotSent::Down(text);
    };
    let speaks_of_us = text.contains("5.7.") || text.contains("5.3.");
    match code.as_str() {
        "501" | "550" | "551" | "553" | "556" if !speaks_of_us => NotSent::Never(text),
        "530" | "534" | "535" | "538" | "454" => NotSent::Down(text),
        _ => NotSent::Later(text),
    }
}

/// An error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}
