//! Text messages, Zalo, or whatever else a provider offers over HTTP: one call for each notice, as a template describes it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dinh_casework::{Messenger, NotSent, Notice};
use dinh_context::outbound::{self, Outbound};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::Error;
use crate::place::Values;
use crate::template::{Body, NumberForm, Template, Text};

/// Largest answer, in bytes.
const MOST: usize = 64 << 10;
/// Most characters of an answer that are told.
const TOLD: usize = 200;
/// Longest name of a way, in characters.
const LONGEST_NAME: usize = 20;

/// Which address a way needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// A telephone number.
    #[default]
    Telephone,
    /// An e-mail address.
    Email,
}

/// What an answer must be like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// One of these statuses; any of 200 to 299 if none is named.
    pub status: Vec<u16>,
    /// Where to look in the JSON of the answer (RFC 6901): `/code`.
    pub pointer: Option<String>,
    /// What must stand there, one of these; anything but nothing if none is named.
    pub equals: Vec<Json>,
}

/// How a provider is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewaySettings {
    /// What it is called: `sms`, `zalo`.
    pub name: String,
    /// Which address it needs.
    #[serde(default)]
    pub reach: Reach,
    /// How it wants telephone numbers.
    #[serde(default)]
    pub telephone: NumberForm,
    /// What it takes of texts.
    #[serde(default)]
    pub text: Text,
    /// `POST`, `PUT` or `GET`.
    #[serde(default = "post")]
    pub method: String,
    /// Its address; places only behind the host.
    pub url: String,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers whose values are secrets: each with the file that holds it.
    #[serde(default)]
    pub secret_headers: BTreeMap<String, PathBuf>,
    /// Body as JSON; its texts have places.
    #[serde(default)]
    pub json: Option<Json>,
    /// Body as fields of a form.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// What an answer is like that says it was sent.
    #[serde(default)]
    pub sent: Match,
    /// What an answer is like that says it never will be: there is no such number.
    #[serde(default)]
    pub never: Option<Match>,
}

fn post() -> String {
    "POST".to_owned()
}

/// A provider that is called over HTTP.
pub struct Gateway {
    settings: GatewaySettings,
    outbound: Outbound,
    method: Method,
    url: Template,
    headers: Vec<(HeaderName, Template)>,
    secrets: Vec<(HeaderName, HeaderValue)>,
    body: Content,
}

enum Content {
    None,
    Json(Body),
    Form(Vec<(String, Template)>),
}

impl Gateway {
    /// Reads the template; nothing is called yet. `secrets` are what the files of `secret_headers` hold.
    ///
    /// # Errors
    /// What is wrong with the settings, or that the allow-list does not have the host.
    pub fn new(
        settings: GatewaySettings,
        secrets: &BTreeMap<String, String>,
        outbound: Outbound,
    ) -> Result<Self, Error> {
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if settings.name.is_empty()
            || settings.name.len() > LONGEST_NAME
            || !settings.name.chars().all(is_plain)
            || settings.name == "email"
        {
            let reason = format!(
                "1 to {LONGEST_NAME} small letters, digits and hyphens, and not email, which is the one by SMTP"
            );
            return Err(Error::template("name", reason));
        }
        let method = match settings.method.as_str() {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "GET" => Method::GET,
            _ => return Err(Error::template("method", "must be POST, PUT or GET")),
        };
        let url = address(&settings.url, &outbound)?;
        let header = |(name, text): (&String, &String)| {
            Ok((header_name(name)?, Template::read(&format!("headers.{name}"), text)?))
        };
        let headers = settings.headers.iter().map(header).collect::<Result<_, Error>>()?;
        let secret = |(name, text): (&String, &String)| {
            let mut value = HeaderValue::from_str(text).map_err(|_odd| {
                Error::template(format!("secret_headers.{name}"), "must be one line of text")
            })?;
            value.set_sensitive(true);
            Ok((header_name(name)?, value))
        };
        let secrets = secrets.iter().map(secret).collect::<Result<_, Error>>()?;
        let body = content(&settings)?;
        for (setting, one) in [("sent", Some(&settings.sent)), ("never", settings.never.as_ref())] {
            let pointer = one.and_then(|one| one.pointer.as_deref()).unwrap_or_default();
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return Err(Error::template(format!("{setting}.pointer"), "begins with a slash: /code"));
            }
        }
        Ok(Self { settings, outbound, method, url, headers, secrets, body })
    }

    async fn tell(&self, notice: &Notice) -> Result<(), NotSent> {
        let to = self.to(notice).unwrap_or_default();
        let values = Values { notice, to, form: self.settings.telephone, text: &self.settings.text };
        let request = self.request(&values).map_err(NotSent::Later)?;
        let answer = match self.outbound.send(request, MOST).await {
            Ok(answer) => answer,
            Err(outbound::Error::Failed(why)) => return Err(NotSent::Down(why)),
            Err(other) => return Err(NotSent::Later(other.to_string())),
        };
        let json = serde_json::from_slice(&answer.body).unwrap_or(Json::Null);
        if self.settings.sent.fits(answer.status, &json) {
            return Ok(());
        }
        let told: String = String::from_utf8_lossy(&answer.body).chars().take(TOLD).collect();
        let told = format!("the provider answered with status {}: {}", answer.status, told.trim());
        match &self.settings.never {
            Some(never) if never.fits(answer.status, &json) => Err(NotSent::Never(told)),
            // It does not know us, or bids us wait.
            _ if matches!(answer.status, 401 | 403 | 429 | 503) => Err(NotSent::Down(told)),
            _ => Err(NotSent::Later(told)),
        }
    }

    fn to<'a>(&self, notice: &'a Notice) -> Option<&'a str> {
        match self.settings.reach {
            Reach::Telephone => notice.telephone.as_deref(),
            Reach::Email => notice.email.as_deref(),
        }
    }

    fn request(&self, values: &Values<'_>) -> Result<RequestBuilder, String> {
        let url = self.url.filled(values, percent_encoded);
        let mut request =
            self.outbound.request(self.method.clone(), &url).map_err(|error| error.to_string())?;
        for (name, template) in &self.headers {
            let value = template.filled(values, header_text);
            let value = HeaderValue::from_str(&value).map_err(|_odd| format!("the header {name} is odd"))?;
            request = request.header(name, value);
        }
        for (name, value) in &self.secrets {
            request = request.header(name, value);
        }
        Ok(match &self.body {
            Content::None => request,
            Content::Json(body) => request.json(&body.filled(values)),
            Content::Form(fields) => {
                let field = |(name, template): &(String, Template)| {
                    format!("{}={}", percent_encoded(name), template.filled_encoded(values))
                };
                let form: Vec<String> = fields.iter().map(field).collect();
                request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.join("&"))
            }
        })
    }
}

impl Messenger for Gateway {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn reaches(&self, notice: &Notice) -> bool {
        self.to(notice).is_some()
    }

    fn send<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotSent>> {
        self.tell(notice).boxed()
    }
}

impl Match {
    fn fits(&self, status: u16, json: &Json) -> bool {
        let of_status =
            if self.status.is_empty() { (200..300).contains(&status) } else { self.status.contains(&status) };
        let of_answer = self.pointer.as_deref().is_none_or(|pointer| match json.pointer(pointer) {
            None | Some(Json::Null) => false,
            Some(found) => self.equals.is_empty() || self.equals.contains(found),
        });
        of_status && of_answer
    }
}

/// Reads the address: its places may not change whom is called.
fn address(text: &str, outbound: &Outbound) -> Result<Template, Error> {
    let wrong = |reason: &str| Error::template("url", reason);
    let template = Template::read("url", text)?;
    let beginning = template.beginning();
    let rest = beginning.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    if !rest.contains('/') {
        return Err(wrong("is an http or https address with a path; places stand behind the host"));
    }
    match outbound.check(beginning) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(template),
        Err(outbound::Error::NotAllowed(host)) => Err(Error::NotAllowed { host }),
        _ => Err(wrong("is an http or https address")),
    }
}

fn content(settings: &GatewaySettings) -> Result<Content, Error> {
    match (&settings.json, settings.form.is_empty()) {
        (Some(_), false) => Err(Error::template("json", "either json or form, not both")),
        (Some(json), true) => Ok(Content::Json(Body::read("json", json)?)),
        (None, false) => {
            let field = |(name, text): (&String, &String)| {
                Ok((name.clone(), Template::read(&format!("form.{name}"), text)?))
            };
            Ok(Content::Form(settings.form.iter().map(field).collect::<Result<_, Error>>()?))
        }
        (None, true) => Ok(Content::None),
    }
}

fn header_name(name: &str) -> Result<HeaderName, Error> {
    name.parse().map_err(|_none| Error::template(format!("headers.{name}"), "is no name of a header"))
}

pub(crate) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What may stand in a header: what does not is percent-encoded.
fn header_text(text: &str) -> String {
    let is_plain = |letter: char| (' '..='~').contains(&letter);
    let one = |letter: char| {
        if is_plain(letter) { letter.to_string() } else { percent_encoded(letter.encode_utf8(&mut [0; 4])) }
    };
    text.chars().map(one).collect()
}
